//! `plaudit mail bounce`: takes in mail that has come back.

use std::{
    io::Read as _,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use serde_json::json;

use super::{Failure, out::say};
use crate::{
    app::App,
    entities::mail_report::Kind,
    notices::{NotTaken, Taken, take_in},
};

/// The largest message that is read, in bytes: reports enclose at most a mail.
const LARGEST: u64 = 10 * 1024 * 1024;

/// Each file on its own: one that tells nothing does not keep the others from being taken in.
pub(super) async fn take_in_all(
    app: &App,
    files: &[PathBuf],
    as_json: bool,
) -> Result<(), Failure> {
    let mut refused = Vec::new();
    for file in files {
        let name = file.display().to_string();
        let raw = read(file).with_context(|| name.clone())?;
        match take_in(app, &raw).await {
            Ok(taken) if as_json => say!("{}", json!({ "file": name, "result": word(taken) }))?,
            Ok(taken) => say!("{name}: {}", word(taken))?,
            Err(NotTaken::Db(error)) => return Err(anyhow::Error::from(error).into()),
            Err(why) => refused.push(format!("{name}: {why}")),
        }
    }
    if refused.is_empty() {
        return Ok(());
    }
    Err(anyhow::anyhow!(refused.join("; ")).into())
}

fn read(file: &Path) -> std::io::Result<Vec<u8>> {
    let mut raw = Vec::new();
    if file == Path::new("-") {
        std::io::stdin().take(LARGEST).read_to_end(&mut raw)?;
    } else {
        std::fs::File::open(file)?
            .take(LARGEST)
            .read_to_end(&mut raw)?;
    }
    Ok(raw)
}

fn word(taken: Taken) -> &'static str {
    match taken {
        Taken::Counted(Kind::Hard) => "hard bounce: nothing is written to that address any more",
        Taken::Counted(Kind::Soft) => "soft bounce: counted",
        Taken::Counted(Kind::Complaint) => "complaint: no more notices to that address",
        Taken::Counted(Kind::Leaves) => "left, as asked",
        Taken::Known => "known already",
        Taken::Harmless => "nothing has failed",
        Taken::Gone => "the mail it is about is no longer kept",
    }
}
