mod health;
mod record_click;
mod stats;
mod test_app;
mod worker;
