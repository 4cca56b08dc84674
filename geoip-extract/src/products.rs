//! Products that write versions of four numbers after a slash in a user agent.

/// As written in user agents, case and all.
const PRODUCTS: &[&str] = &include!("products.in");

/// The longest name of [`PRODUCTS`].
const LONGEST: usize = 23;

/// Whether `text` ends with the name of a product, as a whole word.
pub(crate) fn ends_with_product(text: &[u8]) -> bool {
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.');
    let length =
        text.iter().rev().take(LONGEST + 1).take_while(|byte| is_word(byte)).count();
    let word = &text[text.len() - length..];
    PRODUCTS.iter().any(|product| product.as_bytes() == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_its_longest_name_and_has_no_name_twice() {
        assert_eq!(PRODUCTS.iter().map(|name| name.len()).max(), Some(LONGEST));
        let mut names = PRODUCTS.to_vec();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), PRODUCTS.len());
    }

    #[test]
    fn takes_whole_words_only() {
        assert!(ends_with_product(b"Mozilla/5.0 (X11) Chrome"));
        assert!(ends_with_product(b"Chrome"));
        assert!(!ends_with_product(b"NotChrome"));
        assert!(!ends_with_product(b"a-very-long-word-that-is-no-product.Chrome"));
        assert!(!ends_with_product(b""));
    }
}
