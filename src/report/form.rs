use serde::{Deserialize, Serialize};

use super::{Fonts, NotDrawn, SessionRecord, Table, csv, fhir, page, pdf, svg};

/// As what a record is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// A page that needs nothing else.
    Html,
    /// The same on A4.
    Pdf,
    /// The chart.
    Svg,
    /// One long table.
    Csv,
    /// The table of the alerts.
    AlertsCsv,
    /// A FHIR document.
    Fhir,
    /// Data.
    Json,
}

impl Form {
    /// The form that a file's name asks for.
    #[must_use]
    pub fn of_file(name: &str) -> Option<Self> {
        let ends = |ending: &str| name.to_ascii_lowercase().ends_with(ending);
        Some(match () {
            () if ends(".html") || ends(".htm") => Self::Html,
            () if ends(".pdf") => Self::Pdf,
            () if ends(".svg") => Self::Svg,
            () if ends("alerts.csv") => Self::AlertsCsv,
            () if ends(".csv") => Self::Csv,
            () if ends(".fhir.json") => Self::Fhir,
            () if ends(".json") => Self::Json,
            () => return None,
        })
    }

    /// As people say it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Html => "a page",
            Self::Pdf => "a document",
            Self::Svg => "a chart",
            Self::Csv => "a table",
            Self::AlertsCsv => "a table of alerts",
            Self::Fhir => "a FHIR document",
            Self::Json => "data",
        }
    }

    /// Writes it. The first document of a process looks for the fonts of the machine.
    ///
    /// # Errors
    /// The document cannot be drawn, which is a bug.
    pub fn render(self, record: &SessionRecord) -> Result<Vec<u8>, NotDrawn> {
        let text = match self {
            Self::Pdf => return pdf(record, Fonts::of_machine()),
            Self::Html => page(record),
            Self::Svg => svg(record),
            Self::Csv => csv(record, Table::Record),
            Self::AlertsCsv => csv(record, Table::Alerts),
            Self::Fhir => fhir(record),
            // Texts, numbers and lists of them cannot fail to be written.
            Self::Json => serde_json::to_string(record).unwrap_or_default(),
        };
        Ok(text.into_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_of_a_file_says_what_it_is_to_be() {
        assert_eq!(Form::of_file("a/b.HTML"), Some(Form::Html));
        assert_eq!(Form::of_file("session-alerts.csv"), Some(Form::AlertsCsv));
        assert_eq!(Form::of_file("session.csv"), Some(Form::Csv));
        assert_eq!(Form::of_file("session.fhir.json"), Some(Form::Fhir));
        assert_eq!(Form::of_file("session.json"), Some(Form::Json));
        assert_eq!(Form::of_file("session.Pdf"), Some(Form::Pdf));
        assert_eq!(Form::of_file("session.docx"), None);
    }
}
