use links::{config::Config, startup::Application};
use service_kit::{config::Environment, shutdown, telemetry};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    telemetry::init();
    let config = Config::read(Environment::of_process())?;
    let application = Application::build(&config).await?;
    application.run_until(shutdown::signal()).await
}
