//! The charts in `docs/simulator` are what the model gives, byte for byte.

use std::path::Path;

#[test]
fn each_chart_in_the_docs_is_what_plot_draws() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/simulator");
    for chart in simulators::plot::charts().unwrap() {
        let stored = std::fs::read_to_string(folder.join(chart.file)).unwrap();
        assert!(
            stored == chart.svg,
            "{}: draw it anew with `dripwatch-sim plot --dir docs/simulator`",
            chart.file
        );
    }
}
