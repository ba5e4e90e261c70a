fn main() {
    // Cargo does not see which files the sqlx macros read: without this, a new migration or a
    // changed query description would not rebuild the crate.
    println!("cargo::rerun-if-changed=migrations");
    println!("cargo::rerun-if-changed=.sqlx");
}
