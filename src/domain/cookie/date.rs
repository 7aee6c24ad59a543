//! Cookie dates: the lenient parser of RFC 6265bis §5.6.1.1.

const MONTHS: [&[u8]; 12] = [
    b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec",
];

/// The date in seconds since the Unix epoch; `None` where the text is no date.
pub(crate) fn parse(text: &[u8]) -> Option<i64> {
    let mut found = Found::default();
    text.split(|&byte| is_delimiter(byte)).filter(|token| !token.is_empty()).for_each(|token| {
        found.take(token);
    });
    found.seconds()
}

/// As [`parse`], and a date without a time is its midnight, as in curl (`lib/parsedate.c`).
pub(super) fn parse_or_midnight(text: &[u8]) -> Option<i64> {
    parse(text).or_else(|| parse(&[text, b" 0:0:0"].concat()))
}

fn is_delimiter(byte: u8) -> bool {
    matches!(byte, 0x09 | 0x20..=0x2f | 0x3b..=0x40 | 0x5b..=0x60 | 0x7b..=0x7e)
}

/// What the tokens have told so far; the first of each kind counts.
#[derive(Default)]
struct Found {
    time: Option<[i64; 3]>,
    day: Option<i64>,
    month: Option<i64>,
    year: Option<i64>,
}

impl Found {
    fn take(&mut self, token: &[u8]) {
        if let (None, Some(time)) = (self.time, time(token)) {
            self.time = Some(time);
        } else if let (None, Some(day)) = (self.day, number(token, 1, 2)) {
            self.day = Some(day);
        } else if let (None, Some(month)) = (self.month, month(token)) {
            self.month = Some(month);
        } else if let (None, Some(year)) = (self.year, number(token, 2, 4)) {
            self.year = Some(year);
        }
    }

    fn seconds(self) -> Option<i64> {
        let ([hour, minute, second], day, month) = (self.time?, self.day?, self.month?);
        let year = match self.year? {
            year @ 70..=99 => year + 1900,
            year @ 0..=69 => year + 2000,
            year => year,
        };
        let sane = (1..=days_in(month, year)).contains(&day)
            && year >= 1601
            && hour <= 23
            && minute <= 59
            && second <= 59;
        sane.then(|| days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second)
    }
}

/// `h:m:s`, each one or two digits; what follows the seconds does not count.
fn time(token: &[u8]) -> Option<[i64; 3]> {
    let mut parts = token.splitn(3, |&byte| byte == b':');
    let (hour, minute, second) = (parts.next()?, parts.next()?, parts.next()?);
    let whole = |part: &[u8]| part.iter().all(u8::is_ascii_digit).then(|| number(part, 1, 2))?;
    Some([whole(hour)?, whole(minute)?, number(second, 1, 2)?])
}

fn month(token: &[u8]) -> Option<i64> {
    let name = token.get(..3)?.to_ascii_lowercase();
    MONTHS.iter().position(|month| *month == name).map(|index| index as i64 + 1)
}

/// A number of so many digits at the start of the token, with no digit behind it.
fn number(token: &[u8], least: usize, most: usize) -> Option<i64> {
    let digits = token.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if !(least..=most).contains(&digits) {
        return None;
    }
    std::str::from_utf8(&token[..digits]).ok()?.parse().ok()
}

fn days_in(month: i64, year: i64) -> i64 {
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since the Unix epoch in the proleptic Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_in_use_are_read() {
        for text in [
            "Wed, 21 Oct 2015 07:28:00 GMT",
            "Wednesday, 21-Oct-15 07:28:00 GMT",
            "Wed Oct 21 07:28:00 2015",
            "21 oct 2015 7:28:0",
        ] {
            assert_eq!(parse(text.as_bytes()), Some(1_445_412_480), "{text}");
        }
        assert_eq!(parse(b"Thu, 01 Jan 1970 00:00:00 GMT"), Some(0));
        assert_eq!(parse(b"Fri, 29 Feb 2024 00:00:00 GMT"), Some(1_709_164_800));
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "0",
            "tomorrow",
            "Wed, 32 Oct 2015 07:28:00",
            "30 Feb 2024 00:00:00",
            "21 Oct 2015 24:00:00",
        ] {
            assert_eq!(parse(text.as_bytes()), None, "{text}");
        }
    }
}
