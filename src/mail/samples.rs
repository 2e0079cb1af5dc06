//! Sample values for every kind of letter: `sample.json` beside its templates. The tests render them, and
//! people look at them; and where debugging is built in, what an act really says is held against them.

use std::collections::BTreeSet;

use anyhow::{Context as _, bail};
use serde::Serialize;
use serde_json::Value;

use crate::render::Templates;

/// Whom the samples are written to.
pub(super) const NAME: &str = "Ann Merrow";

/// The folders under `templates/emails/`.
pub(super) fn kinds(templates: &Templates) -> Vec<String> {
    let names = templates.names();
    let inside = names.filter_map(|name| name.strip_prefix("emails/")?.split_once('/'));
    let kinds: BTreeSet<&str> = inside.map(|(kind, _)| kind).collect();
    kinds.into_iter().map(str::to_owned).collect()
}

/// The samples of a kind. All of one kind have the same values, null where there is nothing.
pub(super) fn of(templates: &Templates, kind: &str) -> anyhow::Result<Vec<Value>> {
    let name = format!("emails/{kind}/sample.json");
    let text = templates.file(&name);
    let text = text.with_context(|| format!("there is no letter “{kind}”"))?;
    let samples: Vec<Value> = serde_json::from_str(&text).context(name)?;
    let named = |sample: &Value| names(sample);
    let first = samples.first().map(named);
    let first = first.with_context(|| format!("no sample of {kind}"))?;
    if let Some(other) = samples.iter().map(named).find(|other| *other != first) {
        bail!(
            "samples of {kind} differ in {:?}",
            first.symmetric_difference(&other)
        );
    }
    Ok(samples)
}

/// Whether an act says all that the sample of its letter says, so that no letter has a hole.
///
/// # Errors
/// Naming what is missing.
pub(super) fn compare(
    templates: &Templates,
    kind: &str,
    values: &impl Serialize,
) -> anyhow::Result<()> {
    let values = names(&serde_json::to_value(values)?);
    for sample in of(templates, kind)? {
        let sample = names(&sample);
        let missing: Vec<_> = sample.difference(&values).collect();
        anyhow::ensure!(missing.is_empty(), "a letter “{kind}” without {missing:?}");
    }
    Ok(())
}

fn names(values: &Value) -> BTreeSet<String> {
    let object = values.as_object();
    object
        .map(|map| map.keys().cloned().collect())
        .unwrap_or_default()
}
