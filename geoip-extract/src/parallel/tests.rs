use std::io::{self, Read};
use std::net::IpAddr;
use std::num::NonZero;
use std::ops::ControlFlow;

use proptest::prelude::*;

use super::{Input, Search};
use crate::{Extractor, Rule};

/// A reader that gives a few bytes at a time, and an error at the end if asked to.
#[derive(Clone, Debug)]
struct Chunks {
    text: Vec<u8>,
    sizes: Vec<usize>,
    fails: bool,
}

impl Read for Chunks {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let size =
            self.sizes.pop().unwrap_or(1000).min(self.text.len()).min(buffer.len());
        if size == 0 && self.fails {
            return Err(io::Error::other("unplugged"));
        }
        buffer[..size].copy_from_slice(&self.text[..size]);
        self.text.drain(..size);
        Ok(size)
    }
}

fn line_feeds(text: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', text).count() as u64
}

/// What a search finds: address, offset and line of each match, by input.
type Found = (usize, IpAddr, u64, u64);

fn search(threads: usize, inputs: &[Chunks]) -> (Vec<Found>, Vec<(usize, String)>) {
    search_with(&Extractor::default(), threads, inputs)
}

fn search_with(
    extractor: &Extractor,
    threads: usize,
    inputs: &[Chunks],
) -> (Vec<Found>, Vec<(usize, String)>) {
    let (mut found, mut errors) = (Vec::new(), Vec::new());
    let search = Search::new(extractor.clone())
        .threads(NonZero::new(threads).unwrap())
        .counts_lines(true);
    let (flow, states) = search.run(
        |index| {
            let reader = inputs.get(index)?.clone();
            Some(Ok(Input { reader, slow: index % 2 == 1 }))
        },
        || 0_u64,
        |blocks, block| {
            *blocks += 1;
            let line = |offset: u64| {
                let length = usize::try_from(offset - block.offset()).unwrap();
                block.first_line() + line_feeds(&block.bytes()[..length])
            };
            block
                .matches()
                .map(|found| (block.input(), found.address(), found.offset()))
                .map(|(input, address, offset)| {
                    // Within a long line an address may start before the block.
                    (input, address, offset, line(offset.max(block.offset())))
                })
                .collect::<Vec<_>>()
        },
        |input, made| {
            match made {
                Ok(made) => {
                    assert!(made.iter().all(|found| found.0 == input));
                    found.extend(made);
                }
                Err(error) => errors.push((input, error.to_string())),
            }
            ControlFlow::<()>::Continue(())
        },
    );
    assert!(flow.is_continue());
    assert_eq!(states.len(), threads);
    (found, errors)
}

fn expected(inputs: &[Chunks]) -> Vec<Found> {
    expected_with(&Extractor::default(), inputs)
}

fn expected_with(extractor: &Extractor, inputs: &[Chunks]) -> Vec<Found> {
    let of_input = |(index, input): (usize, &Chunks)| {
        let line = |at: usize| 1 + line_feeds(&input.text[..at]);
        // What an error cuts off is no whole line, and is not searched.
        let end = if input.fails {
            input.text.iter().rposition(|byte| *byte == b'\n').map_or(0, |feed| feed + 1)
        } else {
            input.text.len()
        };
        extractor
            .find_iter(&input.text[..end])
            .map(|found| {
                (index, found.address(), found.offset(), line(found.span().start))
            })
            .collect::<Vec<_>>()
    };
    inputs.iter().enumerate().flat_map(of_input).collect()
}

fn inputs(fails: bool) -> impl Strategy<Value = Vec<Chunks>> {
    let text = "(1\\.2\\.3\\.[0-9]{1,3}[ .:\n]{0,3}|[0-9]\\.|2001:db8::[1-9a-f]|[0-9a-f]{1,4}:|[a-z]{1,20}| |\n){0,300}";
    let sizes = prop::collection::vec(1_usize..400, 0..40);
    let chunks = (text, sizes, Just(fails).prop_map(move |fails| fails));
    let chunks = chunks.prop_map(|(text, sizes, fails)| Chunks {
        text: text.into_bytes(),
        sizes,
        fails,
    });
    prop::collection::vec(chunks, 0..6)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(30))]

    #[test]
    fn finds_what_one_search_of_all_bytes_finds(inputs in inputs(false), threads in 1_usize..5) {
        let (found, errors) = search(threads, &inputs);
        prop_assert_eq!(found, expected(&inputs));
        prop_assert_eq!(errors, []);
    }

    #[test]
    fn an_error_ends_its_input_alone(inputs in inputs(true), threads in 1_usize..4) {
        // Lines short enough, so that no piece of one was searched before the error.
        let short = |input: &Chunks| input.text.split(|b| *b == b'\n').all(|line| line.len() < 700);
        prop_assume!(inputs.iter().all(short));
        let (found, errors) = search(threads, &inputs);
        prop_assert_eq!(found, expected(&inputs));
        let all: Vec<_> = (0..inputs.len()).map(|index| (index, "unplugged".to_owned())).collect();
        prop_assert_eq!(errors, all);
    }
}

#[test]
fn lines_without_end_have_no_seams() {
    for unit in [
        "192.0.2.1 ",
        "1.1.1.1,",
        "1.",
        "2001:db8::1;",
        "1:2:3:4:5:6:7:8 ",
        "1::",
        "x1.2.3.4:5:",
    ] {
        for sizes in [vec![], vec![1; 300], vec![257; 300]] {
            let input =
                Chunks { text: unit.repeat(2000).into_bytes(), sizes, fails: false };
            let inputs = [input.clone(), input];
            assert_eq!(search(3, &inputs).0, expected(&inputs), "{unit}");
        }
    }
}

#[test]
fn readings_have_no_seams_in_lines_without_end() {
    let extractor = Rule::ALL
        .iter()
        .filter(|rule| rule.is_reading())
        .fold(Extractor::default(), |extractor, rule| extractor.rule(*rule, true));
    for unit in [
        "192[.]0[.]2[.]1 2001%3adb8::1\\n",
        "\\\\\\\\\\n1.2.3.4 [.] 5",
        "1 [.] 2[.]3.4 x",
        "1.2.\x1b[1;31m3.4\x1b[m \\u001b[0m",
        "\x1b[0m\x1b]0;long title\x07",
        "192.0.2.1\n2001:db8::%31 [::1]",
    ] {
        for sizes in [vec![], vec![1; 300], vec![257; 300]] {
            let input =
                Chunks { text: unit.repeat(400).into_bytes(), sizes, fails: false };
            let inputs = [input.clone(), input];
            let found = search_with(&extractor, 3, &inputs).0;
            assert!(found == expected_with(&extractor, &inputs), "{unit}");
        }
    }
}

#[test]
fn stops_when_told() {
    let mut calls = 0;
    let (flow, _) = Search::new(Extractor::default()).run(
        |_| Some(Ok(Input { reader: &b"192.0.2.1\n"[..], slow: false })),
        || (),
        |(), block| block.matches().count(),
        |input, _| {
            calls += 1;
            if input == 10 {
                ControlFlow::Break("enough")
            } else {
                ControlFlow::Continue(())
            }
        },
    );
    assert_eq!((flow, calls), (ControlFlow::Break("enough"), 11));
}

#[test]
fn inputs_that_do_not_open_are_told_in_order() {
    let mut seen = Vec::new();
    let (flow, _) = Search::new(Extractor::default()).run(
        |index| match index {
            0..5 if index % 2 == 1 => Some(Err(io::Error::other("locked"))),
            0..5 => Some(Ok(Input { reader: &b"192.0.2.1"[..], slow: true })),
            _ => None,
        },
        || (),
        |(), block| block.matches().count(),
        |input, made: io::Result<usize>| {
            seen.push((input, made.map_err(|error| error.to_string())));
            ControlFlow::<()>::Continue(())
        },
    );
    assert!(flow.is_continue());
    let error = || Err("locked".to_owned());
    assert_eq!(seen, [(0, Ok(1)), (1, error()), (2, Ok(1)), (3, error()), (4, Ok(1))]);
}

#[test]
fn a_stream_that_stalls_does_not_let_the_others_pile_up() {
    /// Gives nothing before it is told that much was opened after it.
    struct Stalling<'s>(&'s std::sync::atomic::AtomicUsize, bool);
    impl Read for Stalling<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if std::mem::replace(&mut self.1, true) {
                return Ok(0);
            }
            std::thread::sleep(std::time::Duration::from_millis(300));
            self.0.store(usize::MAX / 2, std::sync::atomic::Ordering::SeqCst);
            buffer[..10].copy_from_slice(b"192.0.2.1\n");
            Ok(10)
        }
    }
    let opened = std::sync::atomic::AtomicUsize::new(0);
    let most = std::sync::atomic::AtomicUsize::new(0);
    let mut order = Vec::new();
    let (flow, _) =
        Search::new(Extractor::default()).threads(NonZero::new(3).unwrap()).run(
            |index| {
                use std::sync::atomic::Ordering::SeqCst;
                let before = opened.fetch_add(1, SeqCst);
                if before < 1_000_000 {
                    most.fetch_max(before, SeqCst);
                }
                let reader: Box<dyn Read + Send> = match index {
                    0 => Box::new(Stalling(&opened, false)),
                    1..1000 => Box::new(&b"192.0.2.2\n"[..]),
                    _ => return None,
                };
                Some(Ok(Input { reader, slow: true }))
            },
            || (),
            |(), block| block.matches().count(),
            |input, made| {
                order.push((input, made.unwrap()));
                ControlFlow::<()>::Continue(())
            },
        );
    assert!(flow.is_continue());
    assert_eq!(order, (0..1000).map(|input| (input, 1)).collect::<Vec<_>>());
    assert!(
        most.into_inner() <= Search::PENDING + 3,
        "read no further ahead than it may"
    );
}

#[test]
#[should_panic(expected = "in a search")]
fn a_panic_is_passed_on_and_nobody_waits_for_ever() {
    let _ = Search::new(Extractor::default()).threads(NonZero::new(4).unwrap()).run(
        |index| {
            (index < 500).then(|| Ok(Input { reader: &b"192.0.2.1\n"[..], slow: false }))
        },
        || (),
        |(), block| assert!(block.input() != 3, "in a search"),
        |_, _| ControlFlow::<()>::Continue(()),
    );
}
