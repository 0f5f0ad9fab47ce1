"""Records of replays: begun, how far they are, cancelled, ended. What is played, and how, the rehearsal knows."""
