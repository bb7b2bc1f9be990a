use serde::{Deserialize, Serialize};

use super::{
    Fonts, NoPicture, NotDrawn, NotEsketamine, SessionRecord, Table, csv, fhir, hl7, page, pdf,
    png, rems, rems_page, svg,
};

/// The form in which a record is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// A page that needs nothing else.
    Html,
    /// The same on A4.
    Pdf,
    /// The chart.
    Svg,
    /// The chart as a picture.
    Png,
    /// One long table.
    Csv,
    /// The table of the alerts.
    AlertsCsv,
    /// A FHIR document.
    Fhir,
    /// The vitals as an HL7 v2 message.
    Hl7,
    /// The monitoring form of the esketamine REMS, to print.
    RemsHtml,
    /// The same as data.
    RemsJson,
    /// Data.
    Json,
}

/// Why a record is not written in a form.
#[derive(Debug, thiserror::Error)]
pub enum NotMade {
    /// There is no such form of its drug.
    #[error(transparent)]
    NotEsketamine(#[from] NotEsketamine),
    /// The document cannot be drawn, which is a bug.
    #[error(transparent)]
    Document(#[from] NotDrawn),
    /// The picture cannot be drawn, which is a bug.
    #[error(transparent)]
    Picture(#[from] NoPicture),
}

impl Form {
    /// Every form, with how the name of its file ends. One that ends another's comes after it.
    pub const ALL: [(Self, &'static str); 11] = [
        (Self::RemsHtml, ".rems.html"),
        (Self::Html, ".html"),
        (Self::Pdf, ".pdf"),
        (Self::Svg, ".svg"),
        (Self::Png, ".png"),
        (Self::AlertsCsv, "alerts.csv"),
        (Self::Csv, ".csv"),
        (Self::Fhir, ".fhir.json"),
        (Self::Hl7, ".hl7"),
        (Self::RemsJson, ".rems.json"),
        (Self::Json, ".json"),
    ];

    /// The form that a file's name implies.
    #[must_use]
    pub fn of_file(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        if name.ends_with(".htm") {
            return Self::of_file(&format!("{name}l"));
        }
        Self::ALL.into_iter().find(|(_, ending)| name.ends_with(ending)).map(|(form, _)| form)
    }

    /// Its name as people say it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Html => "a page",
            Self::Pdf => "a document",
            Self::Svg => "a chart",
            Self::Png => "a picture of the chart",
            Self::Csv => "a table",
            Self::AlertsCsv => "a table of alerts",
            Self::Fhir => "a FHIR document",
            Self::Hl7 => "an HL7 message",
            Self::RemsHtml => "a REMS form",
            Self::RemsJson => "a REMS form as data",
            Self::Json => "data",
        }
    }

    /// Writes it. The first document or picture of a process looks for the fonts of the machine.
    ///
    /// # Errors
    /// It is a REMS form and the drug another one, or it cannot be drawn, which is a bug.
    pub fn render(self, record: &SessionRecord) -> Result<Vec<u8>, NotMade> {
        let text = match self {
            Self::Pdf => return Ok(pdf(record, Fonts::of_machine())?),
            Self::Png => return Ok(png(record, Fonts::of_machine())?),
            Self::Html => page(record),
            Self::Svg => svg(record),
            Self::Csv => csv(record, Table::Record),
            Self::AlertsCsv => csv(record, Table::Alerts),
            Self::Fhir => fhir(record),
            Self::Hl7 => hl7(record),
            Self::RemsHtml => rems_page(&rems(record)?, record),
            // Texts, numbers and lists of them cannot fail to be written.
            Self::RemsJson => serde_json::to_string(&rems(record)?).unwrap_or_default(),
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
        assert_eq!(Form::of_file("a/b.htm"), Some(Form::Html));
        assert_eq!(Form::of_file("session.Pdf"), Some(Form::Pdf));
        assert_eq!(Form::of_file("session.png"), Some(Form::Png));
        assert_eq!(Form::of_file("session-alerts.csv"), Some(Form::AlertsCsv));
        assert_eq!(Form::of_file("session.csv"), Some(Form::Csv));
        assert_eq!(Form::of_file("session.fhir.json"), Some(Form::Fhir));
        assert_eq!(Form::of_file("session.hl7"), Some(Form::Hl7));
        assert_eq!(Form::of_file("session.rems.json"), Some(Form::RemsJson));
        assert_eq!(Form::of_file("session.rems.html"), Some(Form::RemsHtml));
        assert_eq!(Form::of_file("session.json"), Some(Form::Json));
        assert_eq!(Form::of_file("session.docx"), None);
        for (form, ending) in Form::ALL {
            assert_eq!(Form::of_file(&format!("x{ending}")), Some(form), "{ending}");
        }
    }
}
