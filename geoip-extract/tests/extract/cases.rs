//! The table of cases, in one piece, shifted over block seams, and cut where a stream may cut.

use std::convert::Infallible;
use std::io::{Cursor, Read};
use std::ops::ControlFlow;

use geoip_extract::Extractor;

use crate::table::Case;

#[test]
fn each_case_gives_what_the_table_says() {
    let mut wrong = Vec::new();
    for case in Case::all() {
        let found = case.found(case.extractor.find_iter(&case.text));
        if found != case.expected {
            wrong.push(format!("line {}: {found:?}, not {:?}", case.line, case.expected));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_case_is_found_wherever_it_stands_in_a_block() {
    for case in Case::all() {
        // Of the long cases it is the start that matters.
        let step = if case.text.len() < 1000 { 1 } else { 31 };
        for shift in (0..=130).step_by(step) {
            let mut text = vec![b' '; shift];
            text.extend(&case.text);
            text.extend([b' '; 70]);
            let found = case.found(case.extractor.find_iter(&text));
            assert_eq!(found, case.expected, "line {}, shifted by {shift}", case.line);
        }
    }
}

#[test]
fn spans_and_offsets_hold_the_text() {
    for case in Case::all() {
        for found in case.extractor.find_iter(&case.text) {
            assert_eq!(&case.text[found.span()], found.text(), "line {}", case.line);
            assert_eq!(found.offset(), found.span().start as u64);
        }
    }
}

#[test]
fn each_case_survives_every_cut_of_a_stream() {
    for case in Case::all() {
        // The long cases get their cuts below, from readers of few bytes.
        let cuts = if case.text.len() < 1000 { 0..=case.text.len() } else { 0..=0 };
        for cut in cuts {
            let (head, tail) = case.text.split_at(cut);
            let found = stream(&case, head.chain(tail));
            assert_eq!(found, case.expected, "line {}, cut at {cut}", case.line);
        }
    }
}

#[test]
fn each_case_survives_readers_of_few_bytes() {
    for case in Case::all() {
        for size in [1, 2, 3, 7, 64, 1000] {
            if case.text.len() / size > 10_000 {
                continue;
            }
            let found = stream(&case, Dribble { text: Cursor::new(&case.text), size });
            assert_eq!(found, case.expected, "line {}, {size} at a time", case.line);
        }
    }
}

#[test]
fn each_case_survives_the_seam_of_the_window() {
    const WINDOW: usize = 256 * 1024;
    for (index, case) in Case::all().iter().enumerate() {
        // A place of its own for each case, up to the right context before the seam.
        let back = index * 7 % 150;
        let mut text = vec![b' '; WINDOW - back];
        text.extend(&case.text);
        text.extend([b' '; 300]);
        let found = stream(case, text.as_slice());
        assert_eq!(found, case.expected, "line {}, {back} before the seam", case.line);
    }
}

#[test]
fn offsets_count_from_the_start_of_the_stream() {
    let unit = [vec![b'x'; 99_991], b" 192.0.2.1 2001:db8::1\n".to_vec()].concat();
    let text = unit.repeat(20);
    let expected: Vec<_> =
        Extractor::default().find_iter(&text).map(|found| found.offset()).collect();
    let mut offsets = Vec::new();
    let flow = Extractor::default().for_each(text.as_slice(), |found| {
        offsets.push(found.offset());
        ControlFlow::<Infallible>::Continue(())
    });
    assert!(flow.is_ok_and(|flow| flow.is_continue()));
    assert_eq!(offsets, expected);
    assert_eq!(offsets.len(), 40);
}

#[test]
fn a_line_is_reported_before_the_next_one_is_read() {
    struct OneLine(bool);
    impl Read for OneLine {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            if std::mem::replace(&mut self.0, true) {
                return Err(std::io::Error::other("the first line was held back"));
            }
            let line = b"from 192.0.2.1\n";
            buffer[..line.len()].copy_from_slice(line);
            Ok(line.len())
        }
    }
    let flow = Extractor::default().for_each(OneLine(false), |_| ControlFlow::Break(()));
    assert!(flow.is_ok_and(|flow| flow.is_break()));
}

#[test]
fn a_failing_reader_is_reported_and_an_interrupted_one_tried_again() {
    struct Failing(u32);
    impl Read for Failing {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            self.0 += 1;
            match self.0 {
                1 => Err(std::io::ErrorKind::Interrupted.into()),
                2 => {
                    buffer[0] = b'\n';
                    Ok(1)
                }
                _ => Err(std::io::ErrorKind::PermissionDenied.into()),
            }
        }
    }
    let result = Extractor::default().for_each(Failing(0), |_| ControlFlow::Break(()));
    assert_eq!(
        result.map_err(|error| error.kind()),
        Err(std::io::ErrorKind::PermissionDenied)
    );
}

struct Dribble<'t> {
    text: Cursor<&'t Vec<u8>>,
    size: usize,
}

impl Read for Dribble<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let size = self.size.min(buffer.len());
        self.text.read(&mut buffer[..size])
    }
}

fn stream(case: &Case, reader: impl Read) -> Vec<String> {
    let mut texts = Vec::new();
    let flow = case.extractor.for_each(reader, |found| {
        texts.push(case.form(found));
        ControlFlow::<Infallible>::Continue(())
    });
    assert!(flow.is_ok_and(|flow| flow.is_continue()));
    texts
}
