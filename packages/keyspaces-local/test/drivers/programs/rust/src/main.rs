//! What a program with the scylla driver does with Keyspaces: see ../../README.md.

mod sigv4;

use bigdecimal::BigDecimal;
use futures::TryStreamExt;
use scylla::client::session::Session;
use scylla::client::session_builder::SessionBuilder;
use scylla::errors::{DbError, ExecutionError, RequestAttemptError};
use scylla::statement::batch::{Batch, BatchType};
use scylla::statement::prepared::PreparedStatement;
use scylla::statement::{Consistency, Statement};
use scylla::value::{CqlValue, Row};
use scylla::{DeserializeValue, SerializeValue};
use std::collections::{BTreeSet, HashMap};
use std::env::var;
use std::error::Error;
use std::io::{BufRead, stdin};
use std::str::FromStr;
use std::time::{Duration, Instant};
use tokio::time::sleep;

type Told = Result<String, Box<dyn Error>>;

const ATTEMPTS: u32 = 20;

#[derive(SerializeValue, DeserializeValue)]
struct Address {
    street: String,
    zip: i32,
}

struct Driver {
    session: Session,
    keyspace: String,
}

#[tokio::main]
async fn main() {
    let mut driver = None;
    for line in stdin().lock().lines() {
        let step = line.expect("a line");
        let told = match (step.as_str(), &driver) {
            ("connect", _) => connect(&mut driver).await,
            (_, None) => Err("not connected".into()),
            (name, Some(driver)) => driver.step(name).await,
        };
        let ok = told.is_ok();
        let detail = told.unwrap_or_else(|error| error.to_string());
        let quoted = detail.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', " ");
        println!(r#"{{"step":"{step}","ok":{ok},"detail":"{quoted}"}}"#);
    }
}

async fn connect(driver: &mut Option<Driver>) -> Told {
    use openssl::ssl::{SslContextBuilder, SslMethod, SslVerifyMode};
    let mut tls = SslContextBuilder::new(SslMethod::tls())?;
    tls.set_ca_file(var("KEYSPACES_CA_FILE")?)?;
    tls.set_verify(SslVerifyMode::PEER);
    let signer = sigv4::SigV4 {
        region: var("AWS_REGION")?,
        access_key_id: var("AWS_ACCESS_KEY_ID")?,
        secret_access_key: var("AWS_SECRET_ACCESS_KEY")?,
        session_token: var("AWS_SESSION_TOKEN").ok(),
    };
    let session = SessionBuilder::new()
        .known_node(var("KEYSPACES_ENDPOINT")?)
        .tls_context(Some(tls.build()))
        .authenticator_provider(std::sync::Arc::new(signer))
        .build()
        .await?;
    let result = session
        .query_unpaged("SELECT cluster_name FROM system.local", &[])
        .await?
        .into_rows_result()?;
    let (name,) = result.single_row::<(String,)>()?;
    *driver = Some(Driver {
        session,
        keyspace: var("DRIVER_KEYSPACE")?,
    });
    Ok(name)
}

impl Driver {
    async fn step(&self, name: &str) -> Told {
        match name {
            "define" => self.define().await,
            "schema" => self.schema().await,
            "prepared" => self.prepared().await,
            "batch" => self.batch().await,
            "pages" => self.pages().await,
            "types" => self.types().await,
            "lwt" => self.lwt().await,
            "ttl" => self.ttl().await,
            "refused" => self.refused().await,
            "lost" | "throttled" => self.written(name).await,
            _ => Err(format!("no step {name}").into()),
        }
    }

    async fn execute(&self, statement: String) -> Result<(), Box<dyn Error>> {
        self.session.query_unpaged(statement, &[]).await?;
        Ok(())
    }

    async fn until(&self, query: String, wanted: &str) -> Result<(), Box<dyn Error>> {
        let deadline = Instant::now() + Duration::from_secs(30);
        while Instant::now() < deadline {
            let result = self
                .session
                .query_unpaged(query.clone(), &[])
                .await?
                .into_rows_result()?;
            let seen = result.maybe_first_row::<(String,)>()?;
            if seen.is_some_and(|(seen,)| seen == wanted) {
                return Ok(());
            }
            sleep(Duration::from_millis(50)).await;
        }
        Err(format!("not {wanted} in time: {query}").into())
    }

    async fn define(&self) -> Told {
        let keyspace = &self.keyspace;
        let of = format!("WHERE keyspace_name = '{keyspace}'");
        self.execute(format!(
            "CREATE KEYSPACE {keyspace} WITH replication = {{'class': 'SingleRegionStrategy'}}"
        ))
        .await?;
        self.until(
            format!("SELECT keyspace_name FROM system_schema_mcs.keyspaces {of}"),
            keyspace,
        )
        .await?;
        self.execute(format!("CREATE TYPE {keyspace}.address (street text, zip int)"))
            .await?;
        self.until(
            format!("SELECT status FROM system_schema_mcs.types {of} AND type_name = 'address'"),
            "ACTIVE",
        )
        .await?;
        let lines = "(invoice text, line int, price decimal, PRIMARY KEY (invoice, line))";
        let things = "(id int PRIMARY KEY, name text, tags set<text>, scores list<int>, amounts map<text, decimal>, \
            home frozen<address>) WITH CUSTOM_PROPERTIES = {'ttl': {'status': 'enabled'}}";
        for (table, definition) in [("lines", lines), ("things", things)] {
            self.execute(format!("CREATE TABLE {keyspace}.{table} {definition}"))
                .await?;
        }
        for table in ["lines", "things"] {
            let status = format!("SELECT status FROM system_schema_mcs.tables {of} AND table_name = '{table}'");
            self.until(status, "ACTIVE").await?;
        }
        Ok("ACTIVE".into())
    }

    async fn schema(&self) -> Told {
        self.session.refresh_metadata().await?;
        let state = self.session.get_cluster_state();
        let keyspace = state.get_keyspace(&self.keyspace).ok_or("no keyspace")?;
        let table = keyspace.tables.get("lines").ok_or("no table lines")?;
        let names: BTreeSet<&str> = table.columns.keys().map(String::as_str).collect();
        Ok(names.into_iter().collect::<Vec<_>>().join(" "))
    }

    async fn insert(&self) -> Result<PreparedStatement, Box<dyn Error>> {
        let query = format!(
            "INSERT INTO {}.lines (invoice, line, price) VALUES (?, ?, ?)",
            self.keyspace
        );
        let mut statement = self.session.prepare(query).await?;
        statement.set_is_idempotent(true);
        Ok(statement)
    }

    /// Goes over all pages.
    async fn told(&self, query: Statement) -> Told {
        let mut rows = self
            .session
            .query_iter(query, &[])
            .await?
            .rows_stream::<(String, i32, BigDecimal)>()?;
        let (mut count, mut sum) = (0, BigDecimal::from_str("0.00")?);
        while let Some((_, _, price)) = rows.try_next().await? {
            count += 1;
            sum += price;
        }
        Ok(format!("{count} rows, {}", sum.with_scale(2)))
    }

    fn of_invoice(&self, invoice: &str) -> Statement {
        let mut query = Statement::new(format!(
            "SELECT invoice, line, price FROM {}.lines WHERE invoice = '{invoice}'",
            self.keyspace
        ));
        query.set_is_idempotent(true);
        query
    }

    async fn prepared(&self) -> Told {
        let insert = self.insert().await?;
        for line in 0..10 {
            self.session
                .execute_unpaged(&insert, ("prepared", line, BigDecimal::from_str("2.95")?))
                .await?;
        }
        self.told(self.of_invoice("prepared")).await
    }

    async fn write_batch(&self, kind: BatchType, invoice: &str, lines: i32) -> Result<(), Box<dyn Error>> {
        let insert = self.insert().await?;
        let mut batch = Batch::new(kind);
        let mut values = vec![];
        for line in 0..lines {
            batch.append_statement(insert.clone());
            values.push((invoice, line, BigDecimal::from_str("0.25")?));
        }
        self.session.batch(&batch, values).await?;
        Ok(())
    }

    async fn batch(&self) -> Told {
        for invoice in 0..4 {
            self.write_batch(BatchType::Unlogged, &format!("batch{invoice}"), 30)
                .await?;
        }
        self.write_batch(BatchType::Logged, "logged", 2).await?;
        refusal(self.write_batch(BatchType::Unlogged, "many", 31).await)
    }

    async fn pages(&self) -> Told {
        let query = format!(
            "SELECT invoice, line, price FROM {}.lines WHERE line < 1000 ALLOW FILTERING",
            self.keyspace
        );
        self.told(Statement::new(query).with_page_size(7)).await
    }

    async fn types(&self) -> Told {
        let query = format!(
            "INSERT INTO {}.things (id, name, tags, scores, amounts, home) VALUES (?, ?, ?, ?, ?, ?)",
            self.keyspace
        );
        let home = Address {
            street: "Main St".into(),
            zip: 8000,
        };
        let amounts = HashMap::from([("x", BigDecimal::from_str("1.5")?)]);
        let insert = self.session.prepare(query).await?;
        self.session
            .execute_unpaged(
                &insert,
                (1, "one", ["b", "a"].as_slice(), [3, 1, 2].as_slice(), amounts, home),
            )
            .await?;
        let query = format!(
            "SELECT tags, scores, amounts, home FROM {}.things WHERE id = 1",
            self.keyspace
        );
        let result = self.session.query_unpaged(query, &[]).await?.into_rows_result()?;
        let (tags, scores, amounts, home) =
            result.single_row::<(BTreeSet<String>, Vec<i32>, HashMap<String, BigDecimal>, Address)>()?;
        let tags = tags.into_iter().collect::<Vec<_>>().join(" ");
        let scores = scores.iter().map(i32::to_string).collect::<Vec<_>>().join(" ");
        Ok(format!(
            "[{tags}] [{scores}] x={} {} {}",
            amounts["x"], home.street, home.zip
        ))
    }

    /// Whether a conditional write was applied, and the name that stood there if not.
    async fn conditional(&self, statement: String) -> Result<(bool, String), Box<dyn Error>> {
        let result = self.session.query_unpaged(statement, &[]).await?.into_rows_result()?;
        let names: Vec<String> = result
            .column_specs()
            .iter()
            .map(|column| column.name().to_string())
            .collect();
        let row = result.first_row::<Row>()?;
        let cell = |name: &str| {
            let index = names.iter().position(|each| each == name)?;
            row.columns[index].clone()
        };
        let applied = cell("[applied]")
            .and_then(|value| value.as_boolean())
            .ok_or("no [applied]")?;
        let name = match cell("name") {
            Some(CqlValue::Text(name)) => name,
            _ => String::new(),
        };
        Ok((applied, name))
    }

    async fn lwt(&self) -> Told {
        let things = format!("{}.things", self.keyspace);
        let insert = |name: &str| format!("INSERT INTO {things} (id, name) VALUES (2, '{name}') IF NOT EXISTS");
        let (first, _) = self.conditional(insert("two")).await?;
        let (second, seen) = self.conditional(insert("other")).await?;
        let change = format!("UPDATE {things} SET name = 'zwei' WHERE id = 2 IF name = 'two'");
        let (third, _) = self.conditional(change).await?;
        Ok(format!("{first} {second} {seen} {third}"))
    }

    async fn ttl(&self) -> Told {
        let keyspace = &self.keyspace;
        self.execute(format!(
            "INSERT INTO {keyspace}.things (id, name) VALUES (3, 'three') USING TTL 1000"
        ))
        .await?;
        let query = format!("SELECT ttl(name) FROM {keyspace}.things WHERE id = 3");
        let result = self.session.query_unpaged(query, &[]).await?.into_rows_result()?;
        let (left,) = result.single_row::<(i32,)>()?;
        let write = format!("INSERT INTO {keyspace}.lines (invoice, line) VALUES ('x', 1) USING TTL 1000");
        Ok(format!(
            "{}: {}",
            left > 900 && left <= 1000,
            refusal(self.execute(write).await)?
        ))
    }

    async fn refused(&self) -> Told {
        let write = format!("INSERT INTO {}.lines (invoice, line) VALUES ('x', 1)", self.keyspace);
        let mut one = Statement::new(write);
        one.set_consistency(Consistency::One);
        let one = refusal(
            self.session
                .query_unpaged(one, &[])
                .await
                .map(|_| ())
                .map_err(Into::into),
        )?;
        let count = refusal(
            self.execute(format!("SELECT count(*) FROM {}.lines", self.keyspace))
                .await,
        )?;
        Ok(format!("{one}; {count}"))
    }

    /// 100 rows, while connections end or capacity lacks. The driver's retry policy cannot wait, so a program has to.
    async fn written(&self, invoice: &str) -> Told {
        let mut insert = self.insert().await;
        for attempt in 1..ATTEMPTS {
            if insert.is_ok() {
                break;
            }
            wait(attempt).await;
            insert = self.insert().await;
        }
        let insert = insert?;
        for line in 0..100 {
            for attempt in 1.. {
                match self
                    .session
                    .execute_unpaged(&insert, (invoice, line, BigDecimal::from(1)))
                    .await
                {
                    Ok(_) => break,
                    Err(error) if attempt == ATTEMPTS => return Err(error.into()),
                    Err(_) => wait(attempt).await,
                }
            }
        }
        let mut told = self.told(self.of_invoice(invoice)).await;
        for attempt in 1..ATTEMPTS {
            if told.is_ok() {
                break;
            }
            wait(attempt).await;
            told = self.told(self.of_invoice(invoice)).await;
        }
        told
    }
}

async fn wait(attempt: u32) {
    sleep(Duration::from_millis(500.min(20 << attempt.min(10)))).await;
}

/// The text of the server's refusal, of the kind that says that the request is invalid.
fn refusal(result: Result<(), Box<dyn Error>>) -> Told {
    let error = result.err().ok_or("not refused")?;
    match error.downcast_ref::<ExecutionError>() {
        Some(ExecutionError::LastAttemptError(RequestAttemptError::DbError(DbError::Invalid, text))) => {
            Ok(text.clone())
        }
        _ => Err(error),
    }
}
