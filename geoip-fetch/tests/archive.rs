//! The one file that is wanted out of archives, whatever they are made of.

mod support;

use geoip_fetch::probe_archive;
use proptest::prelude::*;
use support::{tar, zip};

const LIMIT: u64 = 1 << 16;

type Member = (String, Vec<u8>);

fn members() -> impl Strategy<Value = Vec<Member>> {
    let name = "[a-z]{1,8}(/[a-z]{1,8})?\\.(mmdb|MMDB|csv|txt)";
    prop::collection::vec((name, prop::collection::vec(any::<u8>(), 0..700)), 0..5)
}

fn as_tar(members: &[Member]) -> Vec<u8> {
    let of = |(name, content): &Member| (name.clone(), b'0', content.clone());
    let members: Vec<_> = members.iter().map(of).collect();
    let borrowed: Vec<_> = members
        .iter()
        .map(|(name, kind, content)| (&**name, *kind, &**content))
        .collect();
    tar(&borrowed)
}

fn as_zip(members: &[Member]) -> Vec<u8> {
    let borrowed: Vec<_> =
        members.iter().map(|(name, content)| (&**name, &**content)).collect();
    zip(&borrowed)
}

fn wanted<'m>(members: &'m [Member], ending: &str) -> Option<&'m Vec<u8>> {
    let ends = |(name, _): &&Member| name.to_ascii_lowercase().ends_with(ending);
    members.iter().find(ends).map(|(_, content)| content)
}

proptest! {
    #[test]
    fn the_first_wanted_member_comes_out_as_it_went_in(members in members()) {
        // In a stream it is the first of either kind, in a list a database before a table.
        let is_wanted = |(name, _): &&Member| {
            let name = name.to_ascii_lowercase();
            [".mmdb", ".csv"].iter().any(|ending| name.ends_with(ending))
        };
        let first: Vec<_> =
            members.iter().find(is_wanted).map(|(_, content)| content.clone()).into_iter().collect();
        prop_assert_eq!(probe_archive(&as_tar(&members), LIMIT), first);
        let best = wanted(&members, ".mmdb").or_else(|| wanted(&members, ".csv"));
        let best: Vec<_> = best.cloned().into_iter().collect();
        prop_assert_eq!(probe_archive(&as_zip(&members), LIMIT), best);
    }

    #[test]
    fn damage_is_an_error_or_harmless(
        members in members(),
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..9),
        cut in any::<prop::sample::Index>(),
    ) {
        for mut archive in [as_tar(&members), as_zip(&members)] {
            for (at, value) in &flips {
                let at = at.index(archive.len());
                archive[at] = *value;
            }
            archive.truncate(cut.index(archive.len() + 1));
            for member in probe_archive(&archive, LIMIT) {
                prop_assert!(member.len() as u64 <= LIMIT);
            }
        }
    }
}

#[test]
fn more_than_is_taken_does_not_come_out() {
    let bomb = vec![0; 1 << 20];
    assert!(probe_archive(&zip(&[("a.mmdb", &bomb)]), LIMIT).is_empty());
    assert!(probe_archive(&zip(&[("a.mmdb", &bomb)]), 1 << 20).len() == 1);
    assert!(
        probe_archive(&tar(&[("a.txt", b'0', &bomb), ("a.mmdb", b'0', b"x")]), LIMIT)
            .is_empty()
    );
    // A list of members that says there are 65,535.
    let mut many = zip(&[("a.mmdb", b"x")]);
    let end = many.len() - 22;
    many[end + 8..end + 12].fill(0xff);
    assert!(probe_archive(&many, LIMIT).is_empty());
    // Links and folders are no files, whatever they are called.
    assert!(
        probe_archive(&tar(&[("a.mmdb", b'2', b""), ("b.mmdb", b'5', b"")]), LIMIT)
            .is_empty()
    );
}
