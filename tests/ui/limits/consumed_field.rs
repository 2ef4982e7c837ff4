//! A method that consumes a field, with an argument that suspends.

struct Encoder(Vec<u8>);

impl Encoder {
    fn done(self, extra: usize) -> usize {
        self.0.len() + extra
    }
}

struct Writer {
    encoder: Encoder,
    name: String,
}

impl Writer {
    #[coloop::coroutine]
    async fn close(self) -> usize {
        self.encoder.done(std::future::ready(1).await) + self.name.len()
    }
}

fn main() {
    let writer = Writer { encoder: Encoder(vec![]), name: String::new() };
    coloop::run(writer.close());
}
