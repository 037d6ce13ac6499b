// What the microphone hears, handed on in pieces; it runs beside the page.

const PIECE = 2048;

class Recorder extends AudioWorkletProcessor {
  constructor() {
    super();
    this.piece = new Float32Array(PIECE);
    this.filled = 0;
  }

  process([[channel]]) {
    if (!channel) return true;
    this.piece.set(channel, this.filled);
    this.filled += channel.length;
    if (this.filled === PIECE) {
      this.port.postMessage(this.piece.slice());
      this.filled = 0;
    }
    return true;
  }
}

registerProcessor("recorder", Recorder);
