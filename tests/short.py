"""A session of 86 seconds with a hold on each side, repetitions and a hold: what most faults need."""

SHORT = """\
title: Neck and chest
silence: digital
announce: name
closing: none
settle: 3s
switching: 3s
transition: 1s
tail: 1s
gap: 0.5s
exercises:
  - name: Neck stretch
    sides: [right, left]
    hold: 10s
    cues: [{at: 0s, say: "Tilt your {side} ear to your {side} shoulder."}]
  - name: Shoulder rolls
    reps: 5
    tempo: [{say: Up, tone: rising, for: 2s}, {say: Down, tone: rising, for: 2s}]
  - name: Chest opener
    hold: 12s
    cues: [{at: 0s, say: "Draw your shoulders back. Lift your breastbone."}]
"""
