"""Truth: synthetic scenes whose every joint is known, and the measuring of hallwatch against it."""
