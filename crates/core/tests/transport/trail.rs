//! What is recorded of the requests that something takes.

use orgport_core::http::{Safety, recorded};

use crate::support::{Reply, Server, answer, clock, json, read, transport, write};

#[tokio::test]
async fn every_attempt_is_recorded_with_the_vendors_id_and_nothing_that_was_sent() {
    let server = Server::script([
        json(200, "{}"),
        Reply::Close,
        answer(503, "X-Request-Id: second\r\n", ""),
        answer(200, "X-Request-Id: third\r\n", "{}"),
        json(200, "{}"),
    ]);
    let transport = transport(&server.url, &clock());
    transport.send(read()).await.expect("nobody records this");
    let ((), exchanges) = recorded(async {
        let (done, inner) = recorded(transport.send(write(Safety::Idempotent))).await;
        done.expect("the third attempt succeeds");
        assert_eq!(inner.len(), 3);
        transport.send(read()).await.expect("read");
    })
    .await;
    let told: Vec<_> = exchanges.iter().map(|one| (one.status, one.request_id.as_deref())).collect();
    assert_eq!(
        told,
        [(None, None), (Some(503), Some("second")), (Some(200), Some("third")), (Some(200), None)]
    );
    assert!(exchanges.iter().all(|one| one.provider == transport.name()), "{exchanges:?}");
    assert!(exchanges[0].call.contains('{'), "the template and not the path: {exchanges:?}");
}
