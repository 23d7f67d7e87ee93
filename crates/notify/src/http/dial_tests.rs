//! Whatever a name means, and however often it changes its mind, no neighbour gets a connection.

use super::*;
use proptest::prelude::*;
use std::{
    net::Ipv4Addr,
    sync::atomic::{AtomicUsize, Ordering},
};
use tokio::net::TcpListener;

/// A name server that says something else each time.
#[derive(Debug, Default)]
struct Fickle {
    answers: Vec<Vec<IpAddr>>,
    asked: AtomicUsize,
}

#[async_trait]
impl Resolve for Fickle {
    async fn resolve(&self, _name: &str) -> io::Result<Vec<IpAddr>> {
        let nth = self.asked.fetch_add(1, Ordering::SeqCst).min(self.answers.len() - 1);
        Ok(self.answers[nth].clone())
    }
}

fn dialler(answers: Vec<Vec<IpAddr>>, allowed: &[&str]) -> (Dialler, Arc<Fickle>) {
    let allowed: Vec<_> = allowed.iter().map(|network| network.parse().unwrap()).collect();
    let resolver = Arc::new(Fickle { answers, asked: AtomicUsize::new(0) });
    let seen = Arc::clone(&resolver);
    (Dialler { resolver, guard: Some(Guard::new(&allowed)), tls: None }, seen)
}

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

async fn listener() -> (TcpListener, Target) {
    let listener = TcpListener::bind("0.0.0.0:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    (listener, Target::parse(&format!("http://receiver.example:{port}/hook"), true).unwrap())
}

async fn was_reached(listener: &TcpListener) -> bool {
    timeout(Duration::from_millis(20), listener.accept()).await.is_ok()
}

#[test]
fn the_address_that_was_looked_at_is_the_one_connected_to() {
    let here = IpAddr::from([127, 0, 0, 1]);
    let (dialler, names) = dialler(vec![vec![here], vec![IpAddr::from([127, 9, 9, 9])]], &["127.0.0.1/32"]);
    run(async {
        let (listener, target) = listener().await;
        let connection = dialler.dial(&target).await;
        assert!(connection.is_ok());
        assert_eq!(listener.accept().await.unwrap().1.ip(), here);
        assert_eq!(names.asked.load(Ordering::SeqCst), 1);
    });
}

#[test]
fn of_several_addresses_the_one_that_may_be_reached_is_taken() {
    let mixed = [[10, 0, 0, 1], [127, 0, 0, 1], [127, 0, 0, 2]].map(IpAddr::from).to_vec();
    let (dialler, _) = dialler(vec![mixed], &["127.0.0.2/32"]);
    run(async {
        let (listener, target) = listener().await;
        let connection = dialler.dial(&target).await;
        assert!(connection.is_ok());
        assert_eq!(
            listener.accept().await.unwrap().0.local_addr().unwrap().ip(),
            IpAddr::from([127, 0, 0, 2])
        );
    });
}

fn neighbour() -> impl Strategy<Value = IpAddr> {
    let plain = prop_oneof![
        any::<[u8; 3]>().prop_map(|[b, c, d]| Ipv4Addr::new(127, b, c, d)),
        any::<[u8; 3]>().prop_map(|[b, c, d]| Ipv4Addr::new(10, b, c, d)),
        any::<[u8; 2]>().prop_map(|[c, d]| Ipv4Addr::new(192, 168, c, d)),
        any::<[u8; 2]>().prop_map(|[c, d]| Ipv4Addr::new(169, 254, c, d)),
        any::<[u8; 2]>().prop_map(|[c, d]| Ipv4Addr::new(100, 64 | (c >> 2), d, c)),
        Just(Ipv4Addr::UNSPECIFIED),
    ];
    (plain, any::<bool>()).prop_map(
        |(plain, disguised)| {
            if disguised { plain.to_ipv6_mapped().into() } else { plain.into() }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn a_private_address_never_gets_a_connection(
        addresses in prop::collection::vec(neighbour(), 1..4),
        as_literal: bool,
    ) {
        let (dialler, _) = dialler(vec![addresses.clone()], &[]);
        run(async {
            let (listener, named) = listener().await;
            let address = addresses[0];
            let host = if address.is_ipv6() { format!("[{address}]") } else { address.to_string() };
            let literal = Target::parse(&format!("http://{host}:{}/", named.port()), true).unwrap();
            let dialled = dialler.dial(if as_literal { &literal } else { &named }).await;
            assert!(matches!(dialled, Err(CallError::Forbidden { .. })));
            assert!(!was_reached(&listener).await, "{address} was reached");
        });
    }
}
