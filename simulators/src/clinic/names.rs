//! The names of the clinic's patients, one for each letter. They are nobody's.

const GIVEN: [&str; 26] = [
    "Ada", "Bela", "Clara", "Dora", "Emil", "Frida", "Greta", "Hanno", "Ivo", "Jonas", "Klara",
    "Lina", "Mira", "Nils", "Olga", "Paul", "Quirin", "Rosa", "Sven", "Tilda", "Udo", "Vera",
    "Willi", "Xenia", "Yara", "Zoe",
];
const FAMILY: [&str; 26] = [
    "Adler", "Brandt", "Conrad", "Dietz", "Engel", "Fuchs", "Gruber", "Hagen", "Ibach", "Jansen",
    "Keller", "Lorenz", "Martens", "Nolte", "Ohlsen", "Pohl", "Quast", "Richter", "Sommer",
    "Thelen", "Ulrich", "Vogt", "Winter", "Xander", "Yorck", "Ziegler",
];

/// Given and family name for two letters, each from 0 for A.
pub(super) fn of(given: usize, family: usize) -> (&'static str, &'static str) {
    (GIVEN[given % GIVEN.len()], FAMILY[family % FAMILY.len()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_begins_with_its_letter() {
        for (n, letter) in ('A'..='Z').enumerate() {
            let (given, family) = of(n, n);
            assert!(given.starts_with(letter) && family.starts_with(letter), "{given} {family}");
        }
    }
}
