//! Reads of the record, for none of which anybody waits without end. What staff need at the bedside
//! (who they are, rooms, alerts, running sessions, the current profile, devices) is in memory and
//! does not come this way at all.

use std::time::Duration;

use tokio::sync::SemaphorePermit;
use tokio::time::timeout;

use super::HttpState;
use super::problem::Problem;

/// Staff do not wait longer than this for the disk (as with replies: design.md#the-disk).
pub(super) const STAFF_WAIT: Duration = Duration::from_millis(250);
/// A part of a long answer: a page of a history or of a recording. It has readers of its own, so
/// that only callers who asked for such an answer wait.
pub(super) const LONG_WAIT: Duration = Duration::from_secs(5);

/// A short read: returns its result or, after 250 ms, a problem that says that the record cannot be
/// read now.
pub(super) async fn short<T, E>(read: impl Future<Output = Result<T, E>>) -> Result<T, Problem>
where
    Problem: From<E>,
{
    within(STAFF_WAIT, read).await
}

/// A part of a long answer: returns its result or, after 5 s, the same problem.
pub(super) async fn part<T, E>(read: impl Future<Output = Result<T, E>>) -> Result<T, Problem>
where
    Problem: From<E>,
{
    within(LONG_WAIT, read).await
}

async fn within<T, E>(
    limit: Duration,
    read: impl Future<Output = Result<T, E>>,
) -> Result<T, Problem>
where
    Problem: From<E>,
{
    Ok(timeout(limit, read).await.map_err(|_| Problem::record_unreadable())??)
}

/// A turn to make a long answer. A caller who has waited for 5 s gets a problem that says so.
pub(super) async fn turn(state: &HttpState) -> Result<SemaphorePermit<'_>, Problem> {
    let turn = timeout(LONG_WAIT, state.auth.histories.acquire()).await;
    turn.ok().and_then(Result::ok).ok_or_else(Problem::busy)
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;
    use tokio::time::sleep;

    use super::*;
    use crate::journal::ReadError;

    #[tokio::test(start_paused = true)]
    async fn what_staff_wait_for_is_waited_for_250_ms_and_a_part_of_a_long_answer_5_s() {
        let ms = Duration::from_millis(1);
        let read = async |after| {
            sleep(after).await;
            Ok::<_, ReadError>(())
        };
        assert!(short(read(STAFF_WAIT - ms)).await.is_ok());
        assert_eq!(short(read(STAFF_WAIT + ms)).await.unwrap_err().status(), 503);
        assert!(part(read(LONG_WAIT - ms)).await.is_ok());
        assert_eq!(part(read(LONG_WAIT + ms)).await.unwrap_err().status(), 503);
    }

    #[tokio::test]
    async fn a_disk_that_hangs_or_fails_is_a_problem_that_says_when_to_ask_again() {
        let hangs = std::future::pending::<Result<(), ReadError>>();
        let fails = async { Err::<(), _>(ReadError::new(sqlx::Error::PoolTimedOut)) };
        for problem in [
            within(Duration::from_millis(1), hangs).await.unwrap_err(),
            within(LONG_WAIT, fails).await.unwrap_err(),
        ] {
            assert_eq!(problem.status(), StatusCode::SERVICE_UNAVAILABLE);
            assert_eq!(problem.title(), "the record cannot be read now");
        }
    }
}
