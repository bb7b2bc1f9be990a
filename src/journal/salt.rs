use crate::record::Salt;

/// 128 bits from the system's secure source.
pub(super) fn random_salt() -> Salt {
    // Fails only where the system has no secure randomness at all; no password works there either.
    argon2::password_hash::generate_salt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_salt_comes_twice() {
        assert_ne!(random_salt(), random_salt());
    }
}
