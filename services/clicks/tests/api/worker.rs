use std::time::Duration;

use clicks::{
    ClickStore, ClickStream,
    worker::{Batch, ClickWorker, WorkerSettings},
};
use redis::{Commands, streams::StreamReadOptions, streams::StreamReadReply};
use service_kit::testing::{TestDatabase, TestRedis};
use sqlx::PgPool;

use crate::test_app::config;

const EVENT_IDS: [&str; 3] = [
    "01890a5d-ac96-774b-bcce-b302099a8057",
    "01890a5d-ac96-774b-bcce-b302099a8058",
    "01890a5d-ac96-774b-bcce-b302099a8059",
];

/// The worker alone, one batch at a time.
struct TestWorker {
    redis: TestRedis,
    pool: PgPool,
    worker: ClickWorker,
    _database: TestDatabase,
}

impl TestWorker {
    async fn create() -> Self {
        let (database, redis) = (TestDatabase::create().await, TestRedis::create());
        let config = config(&database, redis.url(), redis.prefix());
        let pool = config.postgres.connect().await.expect("PostgreSQL answers");
        sqlx::migrate!().run(&pool).await.expect("migrations apply");

        let settings = WorkerSettings {
            wait: Duration::from_millis(20),
            reclaim_after: Duration::ZERO,
            ..WorkerSettings::for_consumer("alive")
        };
        let connection = config.redis.connect_blocking(settings.wait);
        let connection = connection.expect("REDIS_URL is valid");
        let stream = ClickStream::new(connection, config.redis.key("clicks"));
        Self {
            worker: ClickWorker::new(ClickStore::new(pool.clone()), stream, settings),
            redis,
            pool,
            _database: database,
        }
    }

    /// Puts an event on the stream as the `links` service does.
    fn given_event(&self, event_id: &str, slug: &str) {
        let fields = [
            ("event_id", event_id),
            ("slug", slug),
            ("clicked_at_ms", "0"),
        ];
        let added: redis::RedisResult<String> =
            self.redis
                .connect()
                .xadd(self.redis.key("clicks"), "*", &fields);
        added.expect("an event can be added");
    }

    async fn process(&self) -> Batch {
        let result = self.worker.try_process_batch().await;
        result.expect("the batch is processed")
    }

    async fn counted(&self, slug: &str) -> i64 {
        sqlx::query_scalar(
            "SELECT coalesce(sum(clicks), 0)::bigint FROM daily_clicks WHERE slug = $1",
        )
        .bind(slug)
        .fetch_one(&self.pool)
        .await
        .expect("the counts can be read")
    }

    fn unacknowledged(&self) -> usize {
        let pending: redis::streams::StreamPendingReply = self
            .redis
            .connect()
            .xpending(self.redis.key("clicks"), "clicks")
            .expect("the group exists");
        pending.count()
    }
}

#[tokio::test]
async fn new_events_are_counted_and_acknowledged() {
    let test = TestWorker::create().await;
    test.given_event(EVENT_IDS[0], "docs");
    test.given_event(EVENT_IDS[1], "docs");

    let batch = test.process().await;

    assert_eq!(
        batch,
        Batch {
            counted: 2,
            ..Batch::default()
        }
    );
    assert_eq!(test.counted("docs").await, 2);
    assert_eq!(test.unacknowledged(), 0);
    assert_eq!(test.process().await, Batch::default());
}

#[tokio::test]
async fn an_event_that_comes_twice_is_counted_once() {
    let test = TestWorker::create().await;
    test.given_event(EVENT_IDS[0], "docs");
    test.given_event(EVENT_IDS[0], "docs");
    let first = test.process().await;
    test.given_event(EVENT_IDS[0], "docs");

    let second = test.process().await;

    assert_eq!((first.counted, first.counted_before), (1, 1));
    assert_eq!((second.counted, second.counted_before), (0, 1));
    assert_eq!(test.counted("docs").await, 1);
}

#[tokio::test]
async fn events_of_a_worker_that_died_are_taken_over() {
    let test = TestWorker::create().await;
    test.process().await;
    test.given_event(EVENT_IDS[0], "docs");
    let options = StreamReadOptions::default().group("clicks", "dead");
    let given: StreamReadReply = test
        .redis
        .connect()
        .xread_options(&[test.redis.key("clicks")], &[">"], &options)
        .unwrap();
    assert_eq!(given.keys[0].ids.len(), 1);
    assert_eq!(test.unacknowledged(), 1);

    test.process().await;

    assert_eq!(test.counted("docs").await, 1);
    assert_eq!(test.unacknowledged(), 0);
}

#[tokio::test]
async fn a_malformed_event_does_not_hold_up_the_others() {
    let test = TestWorker::create().await;
    test.given_event("not a uuid", "docs");
    test.given_event(EVENT_IDS[1], "docs");

    let batch = test.process().await;

    assert_eq!((batch.counted, batch.malformed), (1, 1));
    assert_eq!(test.unacknowledged(), 0);
}

#[tokio::test]
async fn events_that_could_not_be_stored_are_kept_for_the_next_batch() {
    let test = TestWorker::create().await;
    test.given_event(EVENT_IDS[0], "docs");
    let rename = |from, to| format!("ALTER TABLE {from} RENAME TO {to}");
    let execute = async |statement| {
        let statement = sqlx::AssertSqlSafe(statement);
        sqlx::query(statement).execute(&test.pool).await.unwrap();
    };
    execute(rename("clicks", "away")).await;

    assert!(test.worker.try_process_batch().await.is_err());
    assert_eq!(test.unacknowledged(), 1);

    execute(rename("away", "clicks")).await;
    test.process().await;
    assert_eq!(test.counted("docs").await, 1);
    assert_eq!(test.unacknowledged(), 0);
}

#[tokio::test]
async fn counting_goes_on_after_redis_lost_the_stream() {
    let test = TestWorker::create().await;
    test.process().await;
    let _: () = test.redis.connect().del(test.redis.key("clicks")).unwrap();
    test.given_event(EVENT_IDS[2], "docs");

    test.process().await;

    assert_eq!(test.counted("docs").await, 1);
}
