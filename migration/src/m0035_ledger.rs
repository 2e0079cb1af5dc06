//! The ledger refuses to be changed by whoever speaks to the database; what was wrong is corrected by new entries
//! that say what they correct.

use sea_orm_migration::{prelude::*, schema::*, sea_orm::DbBackend};

use crate::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut alter = Table::alter();
        alter
            .table("ledger_entry")
            .add_column(string_null("corrects"));
        manager.alter_table(alter.to_owned()).await?;
        index(manager, "ledger_entry", &["corrects"]).await?;
        let refusing = match manager.get_database_backend() {
            DbBackend::Postgres => POSTGRES,
            _ => SQLITE,
        };
        let db = manager.get_connection();
        db.execute_unprepared(refusing).await.map(drop)
    }
}

const SQLITE: &str = "\
CREATE TRIGGER ledger_entry_keeps_lines BEFORE UPDATE ON ledger_entry BEGIN \
  SELECT RAISE(ABORT, 'the ledger is only ever added to'); \
END; \
CREATE TRIGGER ledger_entry_keeps_all BEFORE DELETE ON ledger_entry BEGIN \
  SELECT RAISE(ABORT, 'the ledger is only ever added to'); \
END;";

const POSTGRES: &str = "\
CREATE FUNCTION ledger_entry_refuses() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
  RAISE EXCEPTION 'the ledger is only ever added to'; \
END $$; \
CREATE TRIGGER ledger_entry_keeps_lines BEFORE UPDATE OR DELETE ON ledger_entry \
  FOR EACH ROW EXECUTE FUNCTION ledger_entry_refuses(); \
CREATE TRIGGER ledger_entry_keeps_all BEFORE TRUNCATE ON ledger_entry \
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_entry_refuses();";
