//! The layouts in which programs write times, each read at one place of a line.
//!
//! A function here reads a time at the very start of its text and says how long it is. What
//! the time means, where it names no year or no zone, is decided in `times.rs`.

use crate::civil::{DAY, days, four, is_day_of_some_year, is_weekday, month, two};
use crate::timestamp::Timestamp;

/// A time as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Written {
    pub(crate) day: Day,
    /// Second of the day; a leap second is the second before it.
    pub(crate) second: u32,
    pub(crate) nanoseconds: u32,
    /// Seconds that the clock was ahead of UTC, if it says so.
    pub(crate) offset: Option<i32>,
}

/// The date of a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Day {
    /// Days since 1970-01-01.
    Number(i64),
    /// A date without a year.
    OfSomeYear { month: u32, day: u32 },
}

impl Written {
    /// The instant, if the time says by itself which it is.
    #[inline]
    pub(crate) fn utc(self) -> Option<Timestamp> {
        let Day::Number(day) = self.day else { return None };
        let local = day * DAY + i64::from(self.second);
        Timestamp::new(local - i64::from(self.offset?), self.nanoseconds)
    }
}

/// Reads a time at the start of a text: the time, and how long its text is.
pub(crate) type Read = fn(&[u8]) -> Option<(Written, usize)>;

/// `10/Oct/2000:13:55:36 -0700`, the Common Log Format; a fraction may follow the second.
#[inline]
pub(crate) fn common(text: &[u8]) -> Option<(Written, usize)> {
    let &[
        d0,
        d1,
        b'/',
        m0,
        m1,
        m2,
        b'/',
        y0,
        y1,
        y2,
        y3,
        b':',
        h0,
        h1,
        b':',
        i0,
        i1,
        b':',
        s0,
        s1,
    ] = text.first_chunk::<20>()?
    else {
        return None;
    };
    let day = days(four([y0, y1, y2, y3])?, month([m0, m1, m2])?, two([d0, d1])?)?;
    let second = clock([h0, h1, b':', i0, i1, b':', s0, s1])?;
    // What is there nearly always is read without a loop.
    if let Some(&[b' ', sign @ (b'+' | b'-'), a, b, c, d]) = text[20..].first_chunk::<6>()
        && let Some(offset) = hours_and_minutes(sign, [a, b], [c, d])
    {
        let written = Written {
            day: Day::Number(day),
            second,
            nanoseconds: 0,
            offset: Some(offset),
        };
        return Some((written, 26));
    }
    let (nanoseconds, end) = fraction(text, 20);
    let (offset, end) = spaced_offset(text, end);
    Some((Written { day: Day::Number(day), second, nanoseconds, offset }, end))
}

/// `2024-05-01T10:00:00.123456+02:00`, ISO 8601: with a `T` or a space, with a fraction
/// after a dot or a comma or without, and with or without an offset.
pub(crate) fn iso(text: &[u8]) -> Option<(Written, usize)> {
    year_first(text, b'-')
}

/// `2023/01/02 03:04:05`, as nginx and Go write.
pub(crate) fn slashes(text: &[u8]) -> Option<(Written, usize)> {
    year_first(text, b'/')
}

#[inline]
fn year_first(text: &[u8], separator: u8) -> Option<(Written, usize)> {
    let &[y0, y1, y2, y3, first, m0, m1, second, d0, d1, gap, clock_text @ ..] =
        text.first_chunk::<19>()?;
    let is_date = first == separator && second == separator;
    if !is_date || !matches!(gap, b'T' | b't' | b' ' | b'_') {
        return None;
    }
    let day = days(four([y0, y1, y2, y3])?, two([m0, m1])?, two([d0, d1])?)?;
    let second = clock(clock_text)?;
    let (nanoseconds, end) = fraction(text, 19);
    let (offset, end) = spaced_offset(text, end);
    Some((Written { day: Day::Number(day), second, nanoseconds, offset }, end))
}

/// `Dec 10 06:55:46`, RFC 3164; also with a year, `Dec 10 2023 06:55:46`, as switches
/// write, and with a fraction, as journald does.
pub(crate) fn syslog(text: &[u8]) -> Option<(Written, usize)> {
    let &[m0, m1, m2, b' ', d0, d1, b' '] = text.first_chunk::<7>()? else {
        return None;
    };
    let month = month([m0, m1, m2])?;
    let day = two([if d0 == b' ' { b'0' } else { d0 }, d1])?;
    if let Some(&clock_text) = text[7..].first_chunk::<8>()
        && let Some(second) = clock(clock_text)
    {
        if !is_day_of_some_year(month, day) {
            return None;
        }
        let (nanoseconds, end) = fraction(text, 15);
        let day = Day::OfSomeYear { month, day };
        return Some((Written { day, second, nanoseconds, offset: None }, end));
    }
    let (&year, rest) = text[7..].split_first_chunk::<4>()?;
    let &[b' ', ref clock_text @ ..] = rest.first_chunk::<9>()? else { return None };
    let day = Day::Number(days(four(year)?, month, day)?);
    let second = clock(*clock_text)?;
    let (nanoseconds, end) = fraction(text, 20);
    Some((Written { day, second, nanoseconds, offset: None }, end))
}

/// `Sun Dec 04 04:47:44 2005`, as `asctime` and Apache's error log write; a fraction may
/// follow the second.
pub(crate) fn asctime(text: &[u8]) -> Option<(Written, usize)> {
    let &[w0, w1, w2, b' ', m0, m1, m2, b' ', d0, d1, b' ', ref clock_text @ ..] =
        text.first_chunk::<19>()?
    else {
        return None;
    };
    let day = two([if d0 == b' ' { b'0' } else { d0 }, d1])?;
    let second = clock(*clock_text)?;
    let (nanoseconds, end) = fraction(text, 19);
    let &[b' ', ref year @ ..] = text.get(end..)?.first_chunk::<5>()? else {
        return None;
    };
    let day = days(four(*year)?, month([m0, m1, m2])?, day)?;
    let written = Written { day: Day::Number(day), second, nanoseconds, offset: None };
    is_weekday([w0, w1, w2]).then_some((written, end + 5))
}

/// `Sun, 04 Dec 2005 04:47:44 +0000`, RFC 5322; the day of the week may be missing.
pub(crate) fn mail(text: &[u8]) -> Option<(Written, usize)> {
    let start = match text.first_chunk::<5>() {
        Some(&[a, b, c, b',', b' ']) if is_weekday([a, b, c]) => 5,
        _ => 0,
    };
    let text_of_day = text.get(start..)?;
    let (day, start) = match *text_of_day.first_chunk::<3>()? {
        [d0, d1, b' '] => (two([d0, d1])?, start + 3),
        [d1, b' ', _] => (two([b'0', d1])?, start + 2),
        _ => return None,
    };
    let &[m0, m1, m2, b' ', y0, y1, y2, y3, b' ', ref clock_text @ ..] =
        text.get(start..)?.first_chunk::<17>()?
    else {
        return None;
    };
    let day = days(four([y0, y1, y2, y3])?, month([m0, m1, m2])?, day)?;
    let second = clock(*clock_text)?;
    let (offset, end) = spaced_offset(text, start + 17);
    Some((Written { day: Day::Number(day), second, nanoseconds: 0, offset }, end))
}

/// Seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by how many
/// there are: a number below 10^11 counts seconds, below 10^14 milliseconds, below 10^17
/// microseconds. A fraction may follow, `1286536309.450`.
///
/// Nine digits at least, so that small numbers are no times.
pub(crate) fn epoch(text: &[u8]) -> Option<(Written, usize)> {
    let digits = text.iter().take(20).take_while(|byte| byte.is_ascii_digit()).count();
    if !(9..=19).contains(&digits) {
        return None;
    }
    let number =
        text[..digits].iter().fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0'));
    let (units, digits_left) = match number {
        0..100_000_000_000 => (1, 9),
        100_000_000_000..100_000_000_000_000 => (1000, 6),
        100_000_000_000_000..100_000_000_000_000_000 => (1_000_000, 3),
        _ => (1_000_000_000, 0),
    };
    let (fraction, end) = fraction(text, digits);
    let seconds = i64::try_from(number / units).ok()?;
    let below = u32::try_from(number % units).ok()? * 10_u32.pow(digits_left);
    // A fraction is one of the unit: half a millisecond of `1700000000000.5`.
    let nanoseconds = below + fraction / 10_u32.pow(9 - digits_left);
    let written = Written {
        day: Day::Number(seconds.div_euclid(DAY)),
        second: u32::try_from(seconds.rem_euclid(DAY)).ok()?,
        nanoseconds,
        offset: Some(0),
    };
    Some((written, end))
}

/// A time in any of the layouts, at the start of `text`.
pub(crate) fn any(text: &[u8]) -> Option<(Written, usize)> {
    let read: Read = match text.first_chunk::<5>()? {
        [b'0'..=b'9', _, b'/', ..] => common,
        [b'0'..=b'9', b' ', ..] | [b'0'..=b'9', _, b' ', ..] => mail,
        [b'0'..=b'9', _, _, _, b'-'] => iso,
        [b'0'..=b'9', _, _, _, b'/'] => slashes,
        [b'0'..=b'9', ..] => epoch,
        [_, _, _, b',', ..] => mail,
        [a, b, c, ..] if is_weekday([*a, *b, *c]) => asctime,
        _ => syslog,
    };
    read(text)
}

/// The second of the day that `hh:mm:ss` is. A leap second, 60, is read as 59: Unix time
/// has no number for it, and the date stays the one that was written.
#[inline]
fn clock(text: [u8; 8]) -> Option<u32> {
    let [h0, h1, b':', i0, i1, b':', s0, s1] = text else { return None };
    let (hour, minute, second) = (two([h0, h1])?, two([i0, i1])?, two([s0, s1])?);
    let is_time = hour < 24 && minute < 60 && second <= 60;
    is_time.then(|| hour * 3600 + minute * 60 + second.min(59))
}

/// Nanoseconds of a fraction that may stand at `start`, and where it ends.
#[inline]
fn fraction(text: &[u8], start: usize) -> (u32, usize) {
    if !matches!(text.get(start), Some(b'.' | b',')) {
        return (0, start);
    }
    let digits =
        text[start + 1..].iter().take(18).take_while(|byte| byte.is_ascii_digit());
    let (mut nanoseconds, mut length) = (0, 0);
    for &digit in digits {
        if length < 9 {
            nanoseconds = nanoseconds * 10 + u32::from(digit - b'0');
        }
        length += 1;
    }
    match length {
        0 => (0, start),
        1..9 => (nanoseconds * 10_u32.pow(9 - length), start + 1 + length as usize),
        _ => (nanoseconds, start + 1 + length as usize),
    }
}

/// The offset from UTC that may stand at `start`, right there or after a space.
#[inline]
fn spaced_offset(text: &[u8], start: usize) -> (Option<i32>, usize) {
    let space = usize::from(text.get(start) == Some(&b' '));
    match offset(text.get(start + space..).unwrap_or_default(), space == 1) {
        Some((offset, length)) => (Some(offset), start + space + length),
        None => (None, start),
    }
}

/// An offset from UTC in seconds, and the length of its text.
///
/// After a space a lone hour is not believed, since `-05` may be anything there.
pub(crate) fn offset(text: &[u8], spaced: bool) -> Option<(i32, usize)> {
    let is_end = |at: usize| !text.get(at).is_some_and(u8::is_ascii_alphanumeric);
    match text {
        [b'U', b'T', b'C', ..] | [b'G', b'M', b'T', ..] if is_end(3) => Some((0, 3)),
        [b'Z' | b'z', ..] if is_end(1) => Some((0, 1)),
        &[sign @ (b'+' | b'-'), a, b, b':', c, d, ..] if is_end(6) => {
            Some((hours_and_minutes(sign, [a, b], [c, d])?, 6))
        }
        &[sign @ (b'+' | b'-'), a, b, c, d, ..] if is_end(5) && c.is_ascii_digit() => {
            Some((hours_and_minutes(sign, [a, b], [c, d])?, 5))
        }
        &[sign @ (b'+' | b'-'), a, b, ..] if is_end(3) && !spaced => {
            Some((hours_and_minutes(sign, [a, b], [b'0'; 2])?, 3))
        }
        _ => None,
    }
}

#[inline]
fn hours_and_minutes(sign: u8, hours: [u8; 2], minutes: [u8; 2]) -> Option<i32> {
    let (hours, minutes) = (two(hours)?, two(minutes)?);
    let seconds = i32::try_from(hours * 3600 + minutes * 60).ok()?;
    (hours < 24 && minutes < 60).then_some(if sign == b'-' { -seconds } else { seconds })
}
