//! Where pictures are: a folder, or a bucket of anything that speaks S3.

use std::sync::{Arc, OnceLock};

use anyhow::Context as _;
use axum::body::Body;
use object_store::{
    ObjectStore, ObjectStoreExt as _, PutPayload, RetryConfig, aws::AmazonS3Builder,
    local::LocalFileSystem, path::Path,
};
use tokio::sync::Semaphore;

use super::{
    hyper::Hyper,
    shape::Shape,
    shrinking::{Flaw, Made, make},
};
use crate::config;

/// How many pictures are made at once: each may take a core and a few hundred megabytes for a moment.
const AT_ONCE: usize = 1;
/// How often a call that failed is tried again.
const RETRIES: usize = 3;

/// The media store. Cloning is cheap.
#[derive(Clone)]
pub struct Store {
    config: config::Media,
    /// Opened when first used: most commands need no pictures.
    objects: Arc<OnceLock<Arc<dyn ObjectStore>>>,
    making: Arc<Semaphore>,
}

impl Store {
    pub fn new(config: &config::Media) -> Self {
        Self {
            config: config.clone(),
            objects: Arc::default(),
            making: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    fn objects(&self) -> anyhow::Result<Arc<dyn ObjectStore>> {
        if let Some(objects) = self.objects.get() {
            return Ok(objects.clone());
        }
        let objects = match self.config.s3.bucket.is_empty() {
            true => folder(&self.config.folder)?,
            false => bucket(&self.config.s3)?,
        };
        Ok(self.objects.get_or_init(|| objects).clone())
    }

    /// Makes a picture of what was uploaded, off the async threads and one at a time.
    ///
    /// # Errors
    /// If it is none, or the process is ending.
    pub(super) async fn make(
        &self,
        bytes: Vec<u8>,
        shape: Shape,
    ) -> anyhow::Result<Result<Made, Flaw>> {
        let turn = self.making.clone().acquire_owned().await?;
        let made = tokio::task::spawn_blocking(move || {
            let made = make(&bytes, shape);
            drop(turn);
            made
        });
        Ok(made.await?)
    }

    /// Keeps a picture's files. Writing them again changes nothing, since their names are their content's.
    ///
    /// # Errors
    /// If the store fails.
    pub(super) async fn keep(&self, made: Made) -> anyhow::Result<()> {
        let objects = self.objects()?;
        for (path, bytes) in made.files {
            let path = Path::parse(path)?;
            objects.put(&path, PutPayload::from(bytes)).await?;
        }
        Ok(())
    }

    /// A file's length and bytes as they come; `None` if it is not there.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn read(&self, path: &str) -> anyhow::Result<Option<(u64, Body)>> {
        match self.objects()?.get(&Path::parse(path)?).await {
            Ok(found) => {
                let length = found.meta.size;
                Ok(Some((length, Body::from_stream(found.into_stream()))))
            }
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Writes, reads and removes a file. Returns what the store is.
    ///
    /// # Errors
    /// If one of them fails.
    pub async fn examine(&self) -> anyhow::Result<String> {
        let (objects, path) = (self.objects()?, Path::from("plaudit-check"));
        objects.put(&path, PutPayload::from_static(b"ok")).await?;
        objects.get(&path).await?.bytes().await?;
        objects.delete(&path).await?;
        let config::Media { folder, s3 } = &self.config;
        Ok(match s3.bucket.as_str() {
            "" => folder.display().to_string(),
            bucket => format!("the bucket {bucket} at {}", s3.endpoint),
        })
    }
}

/// A folder, made if it is not there.
fn folder(folder: &std::path::Path) -> anyhow::Result<Arc<dyn ObjectStore>> {
    std::fs::create_dir_all(folder)
        .with_context(|| format!("could not make {}", folder.display()))?;
    let files = LocalFileSystem::new_with_prefix(folder)?.with_fsync(true);
    Ok(Arc::new(files))
}

fn bucket(config: &config::S3) -> anyhow::Result<Arc<dyn ObjectStore>> {
    let retry = RetryConfig {
        max_retries: RETRIES,
        ..RetryConfig::default()
    };
    let bucket = AmazonS3Builder::new()
        .with_endpoint(&config.endpoint)
        .with_region(&config.region)
        .with_bucket_name(&config.bucket)
        .with_access_key_id(&config.access_key)
        .with_secret_access_key(&config.secret_key)
        .with_allow_http(config.endpoint.starts_with("http://"))
        .with_retry(retry)
        .with_http_connector(Hyper)
        .build()?;
    Ok(Arc::new(bucket))
}
