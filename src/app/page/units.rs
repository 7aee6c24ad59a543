//! Durations and sizes as short text.

use std::time::Duration;

/// `0.3 ms`, `12 ms`, `1.2 s`, `3:05 min`.
pub fn duration(duration: Duration) -> String {
    let micros = duration.as_micros();
    match micros {
        0..1_000 => format!("0.{} ms", micros / 100),
        1_000..10_000 => format!("{}.{} ms", micros / 1_000, micros / 100 % 10),
        10_000..1_000_000 => format!("{} ms", micros / 1_000),
        1_000_000..10_000_000 => format!("{}.{} s", micros / 1_000_000, micros / 100_000 % 10),
        10_000_000..60_000_000 => format!("{} s", micros / 1_000_000),
        _ => format!("{}:{:02} min", micros / 60_000_000, micros / 1_000_000 % 60),
    }
}

/// `167 B`, `41.2 kB`, `100 MB`. Decimal, as browsers and curl show sizes.
pub fn bytes(count: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    if count < 1_000 {
        return format!("{count} B");
    }
    let (mut scaled, mut unit) = (count, 0);
    while scaled >= 1_000_000 && unit + 1 < UNITS.len() {
        (scaled, unit) = (scaled / 1_000, unit + 1);
    }
    match scaled {
        0..100_000 => format!("{}.{} {}", scaled / 1_000, scaled / 100 % 10, UNITS[unit]),
        _ => format!("{} {}", scaled / 1_000, UNITS[unit]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_two_digits_that_count() {
        let shown = [0, 340, 3_210, 12_900, 999_999, 1_250_000, 61_000_000]
            .map(|micros| duration(Duration::from_micros(micros)));
        assert_eq!(shown, ["0.0 ms", "0.3 ms", "3.2 ms", "12 ms", "999 ms", "1.2 s", "1:01 min"]);
    }

    #[test]
    fn sizes_are_decimal() {
        let shown = [0, 999, 1_000, 41_230, 100_000_000, 1 << 40].map(bytes);
        assert_eq!(shown, ["0 B", "999 B", "1.0 kB", "41.2 kB", "100 MB", "1.0 TB"]);
    }
}
