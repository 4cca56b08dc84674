//! The search of a stream: a window that slides, with context kept on both sides.
//!
//! Every rule looks at no more than [`LEFT_CONTEXT`] bytes before a candidate and
//! [`RIGHT_CONTEXT`] after it, and none looks past the end of a line. So a candidate can be
//! decided once that much of what follows it, or the end of its line, is in the window; and
//! what was decided can be dropped but for the left context of what is left.

use std::io::{self, ErrorKind, Read};
use std::ops::ControlFlow;

use crate::address_match::AddressMatch;
use crate::bytes::{LEFT_CONTEXT, RIGHT_CONTEXT};
use crate::find::Cursor;
use crate::rules::Rules;

/// Bytes in the window: enough to make the context negligible, and within the L2 cache.
const WINDOW: usize = 256 * 1024;

pub(crate) fn for_each<R: Read, B>(
    rules: Rules,
    mut reader: R,
    mut found: impl FnMut(AddressMatch<'_>) -> ControlFlow<B>,
) -> io::Result<ControlFlow<B>> {
    let mut window = vec![0; WINDOW];
    // The window holds `filled` bytes, of which those before `decided` were searched.
    let (mut filled, mut decided) = (0, 0);
    let (mut base, mut last_end) = (0, 0);
    loop {
        let read = match reader.read(&mut window[filled..]) {
            Ok(read) => read,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        filled += read;
        let text = &window[..filled];
        let limit = if read == 0 { filled } else { decidable(text).max(decided) };

        let mut cursor = Cursor::new(rules, decided, limit, last_end);
        while let Some(address) = cursor.next(text, base, rules) {
            if let flow @ ControlFlow::Break(_) = found(address) {
                return Ok(flow);
            }
        }
        if read == 0 {
            return Ok(ControlFlow::Continue(()));
        }

        let dropped = limit.saturating_sub(LEFT_CONTEXT);
        window.copy_within(dropped..filled, 0);
        filled -= dropped;
        decided = limit - dropped;
        last_end = cursor.last_end().saturating_sub(dropped);
        base += dropped as u64;
    }
}

/// How many bytes of `text` can be decided whatever follows it.
fn decidable(text: &[u8]) -> usize {
    let certain = text.len().saturating_sub(RIGHT_CONTEXT);
    let line_end = text[certain..].iter().rposition(|byte| *byte == b'\n');
    line_end.map_or(certain, |line_end| certain + line_end + 1)
}
