//! What can be connected or bound to.
//!
//! *Input*: addresses in the forms that `std::net::ToSocketAddrs` takes. *Output*: [`Addresses`], which says without
//! blocking whether a name has to be looked up.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};

/// Addresses of sockets: those of [`std::net::ToSocketAddrs`], but looking up a name does not block.
///
/// Implemented for socket addresses, pairs of an IP address or a host name with a port, strings (`"host:port"`), slices
/// of socket addresses, and references to all of them. Host names that are not IP addresses are looked up by the system
/// on a thread of their own while the loop goes on.
///
/// This trait is sealed: it cannot be implemented outside of coloop.
///
/// # Examples
///
/// ```no_run
/// use coloop::net::TcpStream;
///
/// # async fn connect() -> std::io::Result<()> {
/// TcpStream::connect("localhost:8080").await?;
/// TcpStream::connect(("localhost", 8080)).await?;
/// TcpStream::connect(([127, 0, 0, 1], 8080)).await?;
/// # Ok(())
/// # }
/// ```
pub trait ToSocketAddrs: sealed::Sealed {}

pub(super) mod sealed {
    use super::Addresses;

    /// Kept out of reach, so that the trait can change.
    #[allow(unreachable_pub)]
    pub trait Sealed {
        fn addresses(&self) -> Addresses;
    }
}

use sealed::Sealed;

/// What an address argument says.
#[derive(Debug)]
#[allow(unreachable_pub)]
pub enum Addresses {
    /// Socket addresses, in order of preference.
    Known(Vec<SocketAddr>),
    /// A name to look up.
    Name { host: String, port: u16 },
    /// No address at all.
    Invalid(io::Error),
}

impl Addresses {
    fn of(address: impl Into<SocketAddr>) -> Self {
        Addresses::Known(vec![address.into()])
    }

    fn of_host(host: &str, port: u16) -> Self {
        match host.parse::<IpAddr>() {
            Ok(ip) => Addresses::of((ip, port)),
            Err(_) => Addresses::Name {
                host: host.to_owned(),
                port,
            },
        }
    }

    fn of_text(text: &str) -> Self {
        if let Ok(address) = text.parse::<SocketAddr>() {
            return Addresses::of(address);
        }
        let parts = text.rsplit_once(':');
        match parts.map(|(host, port)| (host, port.parse())) {
            Some((host, Ok(port))) => Addresses::of_host(host, port),
            Some((_, Err(_))) => Addresses::invalid("the port is not a number below 65536"),
            None => Addresses::invalid("the address has no port; write host:port"),
        }
    }

    fn invalid(reason: &'static str) -> Self {
        Addresses::Invalid(io::Error::new(io::ErrorKind::InvalidInput, reason))
    }
}

macro_rules! known_addresses {
    ($($address:ty),+ $(,)?) => {$(
        impl ToSocketAddrs for $address {}

        impl Sealed for $address {
            fn addresses(&self) -> Addresses {
                Addresses::of(*self)
            }
        }
    )+};
}

known_addresses! {
    SocketAddr,
    SocketAddrV4,
    SocketAddrV6,
    (IpAddr, u16),
    (Ipv4Addr, u16),
    (Ipv6Addr, u16),
    ([u8; 4], u16),
}

macro_rules! named_addresses {
    ($($address:ty: |$self:ident| $addresses:expr;)+) => {$(
        impl ToSocketAddrs for $address {}

        impl Sealed for $address {
            fn addresses(&self) -> Addresses {
                let $self = self;
                $addresses
            }
        }
    )+};
}

named_addresses! {
    str: |text| Addresses::of_text(text);
    String: |text| Addresses::of_text(text);
    (&str, u16): |pair| Addresses::of_host(pair.0, pair.1);
    (String, u16): |pair| Addresses::of_host(&pair.0, pair.1);
    [SocketAddr]: |addresses| Addresses::Known(addresses.to_vec());
    Vec<SocketAddr>: |addresses| Addresses::Known(addresses.clone());
}

impl<const N: usize> ToSocketAddrs for [SocketAddr; N] {}

impl<const N: usize> Sealed for [SocketAddr; N] {
    fn addresses(&self) -> Addresses {
        Addresses::Known(self.to_vec())
    }
}

impl<A: ToSocketAddrs + ?Sized> ToSocketAddrs for &A {}

impl<A: ToSocketAddrs + ?Sized> Sealed for &A {
    fn addresses(&self) -> Addresses {
        (**self).addresses()
    }
}

#[cfg(test)]
mod tests {
    use super::{sealed::Sealed, Addresses};

    fn described(address: impl Sealed) -> String {
        match address.addresses() {
            Addresses::Known(addresses) => format!("{addresses:?}"),
            Addresses::Name { host, port } => format!("{host} at {port}"),
            Addresses::Invalid(error) => error.to_string(),
        }
    }

    #[test]
    fn literal_addresses_are_known() {
        assert_eq!(described("127.0.0.1:80"), "[127.0.0.1:80]");
        assert_eq!(described("[::1]:80"), "[[::1]:80]");
        assert_eq!(described(("::1", 80)), "[[::1]:80]");
        assert_eq!(described(([127, 0, 0, 1], 80)), "[127.0.0.1:80]");
    }

    #[test]
    fn other_hosts_are_names() {
        assert_eq!(described("localhost:80"), "localhost at 80");
        assert_eq!(
            described((String::from("localhost"), 80)),
            "localhost at 80"
        );
    }

    #[test]
    fn text_without_a_port_is_invalid() {
        assert_eq!(
            described("localhost"),
            "the address has no port; write host:port"
        );
        assert_eq!(
            described("localhost:http"),
            "the port is not a number below 65536"
        );
    }
}
