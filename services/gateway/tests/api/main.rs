mod health;
mod proxy;
mod rate_limit;
mod test_app;
mod upstream_stub;
