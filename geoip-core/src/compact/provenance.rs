//! Where the data of a file come from, and under which terms.

use super::cursor::Cursor;
use super::CompactError;

/// Where the data of an embedded database come from, and under which terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    /// Name of the source, "DB-IP City Lite".
    pub source: String,
    /// When the source was built, in seconds since 1970.
    pub build_epoch: u64,
    /// How far a city may lie from the larger one that stands for it, in kilometres; 0
    /// when every city is kept.
    pub radius_km: u16,
    /// What has to be said wherever results are shown.
    pub attribution: String,
    /// Where the attribution has to link.
    pub attribution_url: String,
    /// SPDX identifier of the licence.
    pub license: String,
}

impl Provenance {
    pub(super) fn read(header: &mut Cursor<'_>) -> Result<Self, CompactError> {
        Ok(Self {
            build_epoch: header.varint()?,
            radius_km: header.number()?,
            source: header.text()?,
            attribution: header.text()?,
            attribution_url: header.text()?,
            license: header.text()?,
        })
    }

    /// Year, month and day (UTC) at which the source was built.
    ///
    /// # References
    /// The days-to-civil algorithm of Howard Hinnant, "chrono-compatible low-level date
    /// algorithms".
    pub fn build_date(&self) -> (u64, u8, u8) {
        // Days since 1 March of the year 0, in eras of 400 years of 146 097 days.
        let days = self.build_epoch / 86_400 + 719_468;
        let day_of_era = days % 146_097;
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let (month, next_year) =
            if month_from_march < 10 { (month_from_march + 3, 0) } else { (month_from_march - 9, 1) };
        let year = days / 146_097 * 400 + year_of_era + next_year;
        let small = |number: u64| u8::try_from(number).expect("at most 31");
        (year, small(month), small(day))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_follow_the_calendar() {
        let date = |build_epoch| {
            Provenance {
                source: String::new(),
                build_epoch,
                radius_km: 0,
                attribution: String::new(),
                attribution_url: String::new(),
                license: String::new(),
            }
            .build_date()
        };
        assert_eq!(date(0), (1970, 1, 1));
        assert_eq!(date(951_782_400), (2000, 2, 29));
        assert_eq!(date(951_868_800), (2000, 3, 1));
        assert_eq!(date(1_780_666_996), (2026, 6, 5));
        assert_eq!(date(1_798_761_599), (2026, 12, 31));
        assert_eq!(date(1_798_761_600), (2027, 1, 1));
    }
}
