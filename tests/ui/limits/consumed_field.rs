//! A method that consumes a field, which its name does not tell.

struct Encoder(Vec<u8>);

impl Encoder {
    async fn done(self) -> usize {
        self.0.len()
    }
}

struct Writer {
    encoder: Encoder,
    name: String,
}

impl Writer {
    #[coloop::coroutine]
    async fn close(self) -> usize {
        self.encoder.done().await + self.name.len()
    }
}

fn main() {
    let writer = Writer { encoder: Encoder(vec![]), name: String::new() };
    coloop::run(writer.close());
}
