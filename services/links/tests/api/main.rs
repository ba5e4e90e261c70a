mod create_link;
mod health;
mod redirect;
mod show_link;
mod test_app;
