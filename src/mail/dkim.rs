//! Signing: DKIM with rsa-sha256 (RFC 6376) or ed25519-sha256 (RFC 8463).

use anyhow::anyhow;
use lettre::message::{
    dkim::{
        DkimCanonicalization, DkimCanonicalizationType, DkimConfig, DkimSigningAlgorithm,
        DkimSigningKey,
    },
    header::HeaderName,
};

use crate::config;

/// Signs with relaxed canonicalisation: the library's default signs headers as it does not send them.
pub(super) fn signer(config: &config::Dkim) -> anyhow::Result<Option<DkimConfig>> {
    if config.domain.is_empty() {
        return Ok(None);
    }
    let algorithm = match config.private_key.contains("BEGIN") {
        true => DkimSigningAlgorithm::Rsa,
        false => DkimSigningAlgorithm::Ed25519,
    };
    let key = DkimSigningKey::new(&config.private_key, algorithm)
        .map_err(|error| anyhow!("mail.dkim.private_key: {error}"))?;
    let headers = [
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "MIME-Version",
        "Reply-To",
        "In-Reply-To",
        "References",
        "Auto-Submitted",
        "List-Id",
        "List-Unsubscribe",
        "List-Unsubscribe-Post",
    ];
    Ok(Some(DkimConfig::new(
        config.selector.clone(),
        config.domain.clone(),
        key,
        headers.map(HeaderName::new_from_ascii_str).to_vec(),
        DkimCanonicalization {
            header: DkimCanonicalizationType::Relaxed,
            body: DkimCanonicalizationType::Relaxed,
        },
    )))
}
