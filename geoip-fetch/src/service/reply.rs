//! What a service says, in the words of records.

use geoip_core::{Asn, CountryCode, Flags, LatLng, LearntAnswer};
use serde_json::Value;

use super::{Field, Fields};

/// What a reply of status 200 turned out to be.
#[derive(Clone, Debug, PartialEq)]
pub enum Read {
    /// An answer.
    Answer(Box<LearntAnswer>),
    /// The service knows nothing of the address.
    Nothing,
    /// The key is not good.
    Refused(String),
    /// The quota is used up.
    Quota(String),
    /// It is no answer of a service.
    Unusable(&'static str),
}

/// The longest text of a fact, in bytes. No city is called longer.
const LONGEST_TEXT: usize = 256;

/// Read a reply of status 200; some services say with it that something is wrong.
pub fn read(bytes: &[u8], fields: &Fields) -> Read {
    let Ok(json) = serde_json::from_slice::<Value>(bytes) else {
        return Read::Unusable("it is no JSON");
    };
    if !json.is_object() {
        return Read::Unusable("it is no answer about an address");
    }
    if let Some(complaint) = complaint(&json) {
        return complaint;
    }
    let answer = answer(&json, fields);
    if answer.is_empty() { Read::Nothing } else { Read::Answer(Box::new(answer)) }
}

/// What is wrong, as the services say it: `"error": true` and a `reason`, `"success": false`
/// and an `error`, `"status": "fail"` and a `message`, or `"bogon": true`.
fn complaint(json: &Value) -> Option<Read> {
    if json.get("bogon").is_some_and(is_true) {
        return Some(Read::Nothing);
    }
    let error = json
        .get("error")
        .filter(|error| !matches!(error, Value::Null | Value::Bool(false)));
    let fails = json.get("success") == Some(&Value::Bool(false))
        || json.get("status").and_then(Value::as_str) == Some("fail");
    if error.is_none() && !fails {
        return None;
    }
    let inner = error.filter(|error| error.is_object());
    let words = ["reason", "message", "info", "type", "title", "error"];
    let said = |value: &Value| -> Vec<String> {
        let found = words.iter().filter_map(|word| value.get(word)?.as_str());
        found.map(str::to_owned).collect()
    };
    let mut said: Vec<_> =
        inner.map(said).unwrap_or_default().into_iter().chain(said(json)).collect();
    said.dedup();
    let text = said.join(", ");
    let clean: String = text.chars().filter(|it| !it.is_control()).take(200).collect();
    let lower = clean.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    Some(if says(&["limit", "quota", "credit", "too many", "exceeded", "usage"]) {
        Read::Quota(clean)
    } else if says(&[
        "key",
        "token",
        "auth",
        "access",
        "permission",
        "subscription",
        "plan",
    ]) {
        Read::Refused(clean)
    } else if says(&[
        "reserved",
        "private",
        "not found",
        "invalid ip",
        "invalid query",
        "bogon",
    ]) {
        Read::Nothing
    } else {
        Read::Unusable("the service reports an error that is not known here")
    })
}

fn answer(json: &Value, fields: &Fields) -> LearntAnswer {
    let values =
        |field| fields.pointers(field).filter_map(|pointer| json.pointer(pointer));
    let text = |field| values(field).find_map(as_text);
    let number = |field| values(field).find_map(as_number);
    let country = values(Field::Country).find_map(|value| as_country(&as_text(value)?));
    // The same key is a code here and a name there.
    let country_name = values(Field::CountryName)
        .filter_map(as_text)
        .find(|name| as_country(name).is_none());
    let (asn, of_asn) = values(Field::Asn).find_map(as_system).unzip();
    let organization = text(Field::Organization);
    let (in_organization, without_number) = match organization.as_deref().map(parted) {
        Some((Some(number), rest)) => (Some(number), Some(rest)),
        Some((None, whole)) => (None, Some(whole)),
        None => (None, None),
    };
    let asn = asn.or(in_organization);
    let organization =
        of_asn.flatten().or(without_number).filter(|name| !name.is_empty());
    LearntAnswer {
        country,
        country_name,
        subdivision: text(Field::Subdivision),
        city: text(Field::City),
        point: point(number(Field::Latitude), number(Field::Longitude))
            .or_else(|| values(Field::Latitude).find_map(as_pair)),
        accuracy_radius_km: number(Field::RadiusKm).and_then(as_radius),
        time_zone: text(Field::TimeZone)
            .filter(|zone| zone.contains('/') || zone == "UTC"),
        asn,
        organization: organization.filter(|_| asn.is_some()),
        flags: flags(&values),
    }
}

fn flags<'v, V: Iterator<Item = &'v Value>>(values: &impl Fn(Field) -> V) -> Flags {
    let of = |field, flag| {
        let set = values(field).any(is_true);
        if set { flag } else { Flags::default() }
    };
    of(Field::Tor, Flags::TOR)
        | of(Field::Vpn, Flags::VPN)
        | of(Field::Proxy, Flags::PROXY)
        | of(Field::Relay, Flags::RELAY)
        | of(Field::Hosting, Flags::HOSTING)
}

fn as_text(value: &Value) -> Option<String> {
    let text = value.as_str()?.trim();
    let blank = matches!(text, "" | "-" | "N/A" | "null" | "Unknown");
    (!blank && text.len() <= LONGEST_TEXT).then(|| text.to_owned())
}

fn as_number(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    number.is_finite().then_some(number)
}

fn as_country(text: &str) -> Option<CountryCode> {
    (text.len() == 2).then(|| text.to_ascii_uppercase().parse().ok())?
}

/// Two numbers with a comma between them.
fn as_pair(value: &Value) -> Option<LatLng> {
    let (lat, lng) = value.as_str()?.split_once(',')?;
    point(lat.trim().parse().ok(), lng.trim().parse().ok())
}

/// A point, unless it is the one where nothing is known: no city is at 0, 0.
fn point(lat: Option<f64>, lng: Option<f64>) -> Option<LatLng> {
    let point = LatLng::new(lat?, lng?).ok()?;
    (point.lat() != 0.0 || point.lng() != 0.0).then_some(point)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked to be within"
)]
fn as_radius(km: f64) -> Option<u16> {
    (0.0..=20_038.0).contains(&km).then(|| km.ceil() as u16)
}

/// A number, or a text that begins with one and may go on with a name.
fn as_system(value: &Value) -> Option<(Asn, Option<String>)> {
    match value {
        Value::Number(number) => {
            let number = u32::try_from(number.as_u64()?).ok()?;
            (number > 0).then_some((Asn(number), None))
        }
        Value::String(text) => {
            let (number, rest) = parted(text);
            Some((number?, Some(rest).filter(|rest| !rest.is_empty())))
        }
        _ => None,
    }
}

/// `AS64496 Example Ltd` as number and name.
fn parted(text: &str) -> (Option<Asn>, String) {
    let text = text.trim();
    let (first, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let is_number = first.bytes().all(|byte| byte.is_ascii_digit())
        || first.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("AS"));
    let number: Option<Asn> =
        first.parse().ok().filter(|asn: &Asn| is_number && asn.0 > 0);
    match number {
        Some(number) => (Some(number), rest.trim().to_owned()),
        None => (None, text.to_owned()),
    }
}

fn is_true(value: &Value) -> bool {
    match value {
        Value::Bool(flag) => *flag,
        Value::String(text) => matches!(text.as_str(), "true" | "1" | "yes"),
        Value::Number(number) => number.as_u64() == Some(1),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer_of(text: &str) -> LearntAnswer {
        match read(text.as_bytes(), &Fields::default()) {
            Read::Answer(answer) => *answer,
            other => panic!("{other:?}"),
        }
    }

    /// What all of these say, each in its way.
    fn mountain_view() -> LearntAnswer {
        LearntAnswer {
            country: Some("US".parse().unwrap()),
            subdivision: Some("California".into()),
            city: Some("Mountain View".into()),
            point: Some(LatLng::new(37.4056, -122.0775).unwrap()),
            asn: Some(Asn(15169)),
            organization: Some("Google LLC".into()),
            ..LearntAnswer::default()
        }
    }

    #[test]
    fn geoipify_is_read() {
        let answer = answer_of(
            r#"{"ip":"8.8.8.8","location":{"country":"US","region":"California",
            "city":"Mountain View","lat":37.4056,"lng":-122.0775,"postalCode":"94043",
            "timezone":"-07:00","geonameId":5375480},"as":{"asn":15169,"name":"Google LLC",
            "route":"8.8.8.0/24","domain":"https://about.google","type":"Content"},
            "isp":"Google LLC"}"#,
        );
        assert_eq!(answer, mountain_view());
    }

    #[test]
    fn ipinfo_is_read() {
        let answer = answer_of(
            r#"{"ip":"8.8.8.8","hostname":"dns.google","anycast":true,"city":"Mountain View",
            "region":"California","country":"US","loc":"37.4056,-122.0775",
            "org":"AS15169 Google LLC","postal":"94043","timezone":"America/Los_Angeles",
            "privacy":{"vpn":false,"proxy":false,"tor":false,"relay":false,"hosting":true}}"#,
        );
        let expected = LearntAnswer {
            time_zone: Some("America/Los_Angeles".into()),
            flags: Flags::HOSTING,
            ..mountain_view()
        };
        assert_eq!(answer, expected);
    }

    #[test]
    fn flat_answers_are_read() {
        let ipapi = answer_of(
            r#"{"ip":"8.8.8.8","city":"Mountain View","region":"California","region_code":"CA",
            "country":"US","country_name":"United States","country_code":"US",
            "latitude":37.4056,"longitude":-122.0775,"asn":"AS15169","org":"Google LLC"}"#,
        );
        let named = Some("United States".to_owned());
        let expected = LearntAnswer { country_name: named, ..mountain_view() };
        assert_eq!(ipapi, expected);
        let by_status = answer_of(
            r#"{"status":"success","country":"United States","countryCode":"US","region":"CA",
            "regionName":"California","city":"Mountain View","lat":37.4056,"lon":-122.0775,
            "isp":"Google","org":"Google Public DNS","as":"AS15169 Google LLC"}"#,
        );
        assert_eq!(by_status, expected);
        let freegeoip = answer_of(
            r#"{"ip":"8.8.8.8","country_code":"US","country_name":"United States",
            "region_code":"CA","region_name":"California","city":"Mountain View",
            "zip_code":"94043","time_zone":"America/Los_Angeles","latitude":"37.4056",
            "longitude":"-122.0775","metro_code":807}"#,
        );
        assert_eq!(freegeoip.point, expected.point);
        assert_eq!((freegeoip.asn, freegeoip.organization), (None, None));
    }

    #[test]
    fn another_shape_is_read_where_its_owner_says() {
        let text = br#"{"data":[{"town":"Lyon","where":"45.76, 4.84"}],"city":"wrong"}"#;
        let fields = Fields::default().with("city", "/data/0/town").unwrap();
        let fields = fields.with("latitude", "/data/0/where").unwrap();
        let Read::Answer(answer) = read(text, &fields) else { panic!("no answer") };
        assert_eq!(answer.city.as_deref(), Some("Lyon"));
        assert_eq!(answer.point, Some(LatLng::new(45.76, 4.84).unwrap()));
    }

    #[test]
    fn complaints_are_told_apart() {
        let read = |text: &str| read(text.as_bytes(), &Fields::default());
        for text in [
            r#"{"ip":"127.0.0.1","bogon":true}"#,
            r#"{"ip":"10.0.0.1","error":true,"reason":"Reserved IP Address","reserved":true}"#,
            r#"{"status":"fail","message":"private range","query":"10.0.0.1"}"#,
            r#"{"ip":"8.8.8.8"}"#,
        ] {
            assert_eq!(read(text), Read::Nothing, "{text}");
        }
        for text in [
            r#"{"error":true,"reason":"RateLimited"}"#,
            r#"{"success":false,"error":{"code":104,"type":"usage_limit_reached","info":"Your monthly usage limit has been reached."}}"#,
        ] {
            assert!(matches!(read(text), Read::Quota(_)), "{text}");
        }
        let text = r#"{"success":false,"error":{"code":101,"type":"invalid_access_key","info":"You have not supplied a valid API Access Key."}}"#;
        assert!(matches!(read(text), Read::Refused(_)));
        for text in ["", "<html>", "[]", "7", r#"{"error":"flux"}"#] {
            assert!(matches!(read(text), Read::Unusable(_)), "{text}");
        }
    }

    #[test]
    fn what_makes_no_sense_is_left_out() {
        let answer = answer_of(
            r#"{"country":"ZZZ","city":"-","lat":999,"lon":1,"timezone":"-07:00","asn":0,
            "region":"Somewhere","radius":1e9}"#,
        );
        let expected = LearntAnswer {
            country_name: Some("ZZZ".into()),
            subdivision: Some("Somewhere".into()),
            ..LearntAnswer::default()
        };
        assert_eq!(answer, expected);
        assert_eq!(read(br#"{"lat":0,"lon":0}"#, &Fields::default()), Read::Nothing);
    }
}
