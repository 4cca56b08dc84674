//! One task a file, beside this one: `cargo run --release -p geoip-examples --example look_up`.
