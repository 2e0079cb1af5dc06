//! Signing: DKIM with rsa-sha256 (RFC 6376) or ed25519-sha256 (RFC 8463).

use anyhow::{anyhow, bail};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use lettre::message::{
    dkim::{
        DkimCanonicalization, DkimCanonicalizationType, DkimConfig, DkimSigningAlgorithm,
        DkimSigningKey,
    },
    header::HeaderName,
};

use pkcs8::{LineEnding, ObjectIdentifier, PrivateKeyInfo, SecretDocument};

use crate::config;

/// rsaEncryption (RFC 8017) and id-Ed25519 (RFC 8410).
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

/// Signs with relaxed canonicalisation: the library's default signs headers as it does not send them.
pub(super) fn signer(config: &config::Dkim) -> anyhow::Result<Option<DkimConfig>> {
    if config.domain.is_empty() {
        return Ok(None);
    }
    let key = key(config.private_key.trim())?;
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

/// A key as openssl or anybody else writes it, in the one form the library reads: PKCS#1 for rsa, 32 bytes in
/// base64 for ed25519.
fn key(text: &str) -> anyhow::Result<DkimSigningKey> {
    let (text, algorithm) = match SecretDocument::from_pem(text) {
        Ok(("PRIVATE KEY", document)) => plain(&document)?,
        Ok(("ENCRYPTED PRIVATE KEY", _)) => bail!(
            "mail.dkim.private_key is locked with a password; “openssl pkey -in FILE” writes it without"
        ),
        Ok(_) => (text.to_owned(), DkimSigningAlgorithm::Rsa),
        Err(error) if text.contains("BEGIN") => bail!("mail.dkim.private_key: {error}"),
        Err(_) => (text.to_owned(), DkimSigningAlgorithm::Ed25519),
    };
    DkimSigningKey::new(&text, algorithm).map_err(|error| anyhow!("mail.dkim.private_key: {error}"))
}

/// What PKCS#8 wraps (RFC 5208, for ed25519 RFC 8410).
fn plain(document: &SecretDocument) -> anyhow::Result<(String, DkimSigningAlgorithm)> {
    let told = |error: pkcs8::Error| anyhow!("mail.dkim.private_key: {error}");
    let wrapped = PrivateKeyInfo::try_from(document.as_bytes()).map_err(told)?;
    match (wrapped.algorithm.oid, wrapped.private_key) {
        (RSA, bytes) => {
            let inner = SecretDocument::try_from(bytes).map_err(|error| told(error.into()))?;
            let pem = inner.to_pem("RSA PRIVATE KEY", LineEnding::LF);
            let pem = pem.map_err(|error| told(error.into()))?;
            Ok((pem.to_string(), DkimSigningAlgorithm::Rsa))
        }
        (ED25519, [0x04, 0x20, bytes @ ..]) => {
            let bytes = BASE64_STANDARD.encode(bytes);
            Ok((bytes, DkimSigningAlgorithm::Ed25519))
        }
        _ => bail!("mail.dkim.private_key is neither rsa nor ed25519"),
    }
}
