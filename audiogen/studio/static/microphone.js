// The microphone: its level, and takes of it as WAV files, 48 kHz and mono.

import { base } from "./page.js";

const RATE = 48000;
const HEAD_BYTES = 44;

/** Whether this page may use a microphone at all: browsers allow it on this computer, or at https addresses. */
export const isPossible = () => Boolean(navigator.mediaDevices?.getUserMedia && globalThis.AudioWorkletNode);

/** Turn the microphone on; `heard` gets the peak of each piece. Returns what starts a take and what ends it. */
export async function microphone(heard) {
  const raw = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
  const stream = await navigator.mediaDevices.getUserMedia({ audio: raw });
  const context = new AudioContext({ latencyHint: "playback" }); // longer buffers: nothing is skipped on a busy machine
  await context.audioWorklet.addModule(`${base}/static/recorder.js`);
  const node = new AudioWorkletNode(context, "recorder", { channelCount: 1, channelCountMode: "explicit" });
  let pieces = null;
  node.port.onmessage = ({ data }) => {
    pieces?.push(data);
    heard(data.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0));
  };
  context.createMediaStreamSource(stream).connect(node).connect(context.destination); // where it is silent
  await context.resume();
  return {
    begin() { pieces = []; },
    async end() {
      const taken = joined(pieces ?? []);
      pieces = null;
      return context.sampleRate === RATE || !taken.length ? taken : resampled(taken, context.sampleRate);
    },
    onlost(act) { stream.getAudioTracks()[0].addEventListener("ended", act); },
  };
}

function joined(pieces) {
  const all = new Float32Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

async function resampled(samples, rate) {
  const offline = new OfflineAudioContext(1, Math.ceil((samples.length * RATE) / rate), RATE);
  const buffer = offline.createBuffer(1, samples.length, rate);
  buffer.copyToChannel(samples, 0);
  const source = offline.createBufferSource();
  source.buffer = buffer;
  source.connect(offline.destination);
  source.start();
  return (await offline.startRendering()).getChannelData(0);
}

/** A take as a file. */
export function wav(samples) {
  const view = new DataView(new ArrayBuffer(HEAD_BYTES + 2 * samples.length));
  const text = (at, letters) => [...letters].forEach((letter, index) => view.setUint8(at + index, letter.charCodeAt(0)));
  text(0, "RIFF");
  view.setUint32(4, view.byteLength - 8, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, RATE, true);
  view.setUint32(28, 2 * RATE, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, 2 * samples.length, true);
  samples.forEach((sample, index) => view.setInt16(HEAD_BYTES + 2 * index, Math.round(32767 * Math.max(-1, Math.min(1, sample))), true));
  return new Blob([view], { type: "audio/wav" });
}
