use service_kit::{
    ServerConfig,
    config::{ConfigError, Environment},
    postgres::PostgresConfig,
    redis::RedisConfig,
};

const DEFAULT_CONSUMER: &str = "clicks";

#[derive(Debug)]
pub struct Config {
    pub server: ServerConfig,
    pub postgres: PostgresConfig,
    pub redis: RedisConfig,
    /// The name of this instance in the consumer group.
    pub consumer: String,
}

impl Config {
    pub fn read(mut env: Environment) -> Result<Self, ConfigError> {
        let server = ServerConfig::read(&mut env);
        let postgres = PostgresConfig::read(&mut env);
        let redis = RedisConfig::read(&mut env);
        // Containers and pods have a HOSTNAME of their own. Two instances that share a name do
        // no harm: Redis gives each event to one reader, whatever the reader is called.
        let consumer = env.or_default("HOSTNAME", DEFAULT_CONSUMER.to_owned());
        env.finish(|| {
            Some(Self {
                server: server?,
                postgres: postgres?,
                redis: redis?,
                consumer: consumer?,
            })
        })
    }
}
