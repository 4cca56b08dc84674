//! Files in MaxMind's format with records of any shape, for tests of readers.

use std::{collections::BTreeMap, net::IpAddr};

use serde_json::Value;

/// A database of these networks, such as `1.0.0.0/24`, and their records.
///
/// With version 4 the tree is of 32 bits and takes networks of IPv4 only; with version 6
/// those of IPv4 are the first 2³² addresses. Numbers with a fraction are doubles, others
/// unsigned.
///
/// # Panics
/// If a network cannot be read, lies within another, or does not fit the version.
pub fn database(
    database_type: &str,
    ip_version: u8,
    records: &[(&str, Value)],
) -> Vec<u8> {
    // A node is a pair; `None` leads nowhere.
    let mut nodes: Vec<[Option<Target>; 2]> = vec![[None; 2]];
    let mut data = Vec::new();
    for (network, record) in records {
        let (bits, length) = path(network, ip_version);
        assert!(length > 0, "{network} is everything");
        let mut node = 0;
        for depth in 0..length {
            let side = usize::from(bits >> (127 - depth) & 1 == 1);
            if depth + 1 == length {
                let free = nodes[node][side].replace(Target::Data(data.len()));
                assert!(free.is_none(), "{network} lies around another");
                break;
            }
            node = match nodes[node][side] {
                Some(Target::Node(next)) => next,
                Some(Target::Data(_)) => panic!("{network} lies within another"),
                None => {
                    nodes.push([None; 2]);
                    let next = nodes.len() - 1;
                    nodes[node][side] = Some(Target::Node(next));
                    next
                }
            };
        }
        write(record, &mut data);
    }
    file(database_type, ip_version, &nodes, &data)
}

/// A small file in which one record of this key has 2 to the power of `depth` values: arrays
/// of two pointers that both lead to the next array (GHSA-hj94-g986-h9r7).
///
/// # Panics
/// If the depth is above 200, for which short pointers do not do.
pub fn fan_out(key: &str, depth: usize) -> Vec<u8> {
    let mut data = Vec::new();
    control(MAP, 1, &mut data);
    write(&Value::String(key.into()), &mut data);
    for _ in 0..depth {
        control(ARRAY, 2, &mut data);
        // Behind this array of two bytes and its two pointers of two bytes each.
        let next = u16::try_from(data.len() + 4).expect("a small file");
        assert!(next < 2048, "a short pointer has eleven bits");
        let pointer = (0b0010_0000 << 8 | next).to_be_bytes();
        data.extend([pointer, pointer].concat());
    }
    write(&Value::String("end".into()), &mut data);
    file("fan-out", 6, &[[Some(Target::Data(0)); 2]], &data)
}

/// Tree, data and metadata.
fn file(
    database_type: &str,
    ip_version: u8,
    nodes: &[[Option<Target>; 2]],
    data: &[u8],
) -> Vec<u8> {
    let mut file = Vec::new();
    for side in nodes.iter().flatten() {
        let number = match side {
            Some(Target::Node(node)) => *node,
            None => nodes.len(),
            // The separator before the data counts.
            Some(Target::Data(offset)) => nodes.len() + 16 + offset,
        };
        let number = u32::try_from(number).expect("a small database");
        file.extend(number.to_be_bytes());
    }
    file.extend([0; 16]);
    file.extend(data);
    file.extend(b"\xab\xcd\xefMaxMind.com");
    control(MAP, 9, &mut file);
    let text = |text: &str| Value::String(text.into());
    let mut say = |key: &str, value: Result<Value, (u8, u64)>| {
        write(&text(key), &mut file);
        match value {
            Ok(value) => write(&value, &mut file),
            Err((kind, value)) => number(kind, value, &mut file),
        }
    };
    // Readers are strict here: each number has the type that the format says.
    say("binary_format_major_version", Err((UNSIGNED_16, 2)));
    say("binary_format_minor_version", Err((UNSIGNED_16, 0)));
    say("build_epoch", Err((UNSIGNED_64, 1_767_225_600)));
    say("database_type", Ok(text(database_type)));
    say("description", Ok(serde_json::json!({ "en": database_type })));
    say("ip_version", Err((UNSIGNED_16, ip_version.into())));
    say("languages", Ok(serde_json::json!(["en"])));
    say("node_count", Err((UNSIGNED_32, nodes.len() as u64)));
    say("record_size", Err((UNSIGNED_16, 32)));
    file
}

#[derive(Clone, Copy)]
enum Target {
    Node(usize),
    Data(usize),
}

/// The bits of a network from the top, and how many of them count.
fn path(network: &str, ip_version: u8) -> (u128, u8) {
    let (base, length) = network.split_once('/').expect("a network has a slash");
    let length: u8 = length.parse().expect("a length");
    match base.parse().expect("an address") {
        IpAddr::V4(base) if ip_version == 4 => (u128::from(base.to_bits()) << 96, length),
        IpAddr::V4(base) => (u128::from(base.to_bits()), 96 + length),
        IpAddr::V6(base) => {
            assert_eq!(ip_version, 6, "{network} in a database of IPv4");
            (base.to_bits(), length)
        }
    }
}

/// Types of the format, <https://maxmind.github.io/MaxMind-DB/#output-data-section>.
const DOUBLE: u8 = 3;
const TEXT: u8 = 2;
const UNSIGNED_16: u8 = 5;
const UNSIGNED_32: u8 = 6;
const MAP: u8 = 7;
const UNSIGNED_64: u8 = 9;
const ARRAY: u8 = 11;
const BOOLEAN: u8 = 14;

fn write(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Bool(value) => control(BOOLEAN, usize::from(*value), out),
        Value::String(text) => {
            control(TEXT, text.len(), out);
            out.extend(text.as_bytes());
        }
        Value::Number(value) => match value.as_u64() {
            Some(value) if value <= u32::MAX.into() => number(UNSIGNED_32, value, out),
            Some(value) => number(UNSIGNED_64, value, out),
            None => {
                control(DOUBLE, 8, out);
                out.extend(value.as_f64().expect("a number").to_be_bytes());
            }
        },
        Value::Array(values) => {
            control(ARRAY, values.len(), out);
            for value in values {
                write(value, out);
            }
        }
        Value::Object(values) => {
            control(MAP, values.len(), out);
            // In one order, whatever map serde_json was built with.
            for (key, value) in values.iter().collect::<BTreeMap<_, _>>() {
                write(&Value::String(key.clone()), out);
                write(value, out);
            }
        }
        Value::Null => panic!("the format has nothing for null"),
    }
}

/// A whole number of a type, with as many bytes as the type has.
fn number(kind: u8, value: u64, out: &mut Vec<u8>) {
    let size = match kind {
        UNSIGNED_16 => 2,
        UNSIGNED_32 => 4,
        _ => 8,
    };
    control(kind, size, out);
    out.extend(&value.to_be_bytes()[8 - size..]);
}

/// The byte or bytes before a value: its type and size.
fn control(kind: u8, size: usize, out: &mut Vec<u8>) {
    assert!(size < 285, "no longer texts are needed here");
    let (short, more) = if size < 29 { (size, None) } else { (29, Some(size - 29)) };
    let short = u8::try_from(short).expect("below 32");
    if kind < 8 {
        out.push(kind << 5 | short);
    } else {
        out.extend([short, kind - 7]);
    }
    out.extend(more.map(|more| u8::try_from(more).expect("below 256")));
}
