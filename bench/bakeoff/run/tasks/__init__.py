"""Tasks, one module each: what data they take, how they split it, what they refuse, how they score."""
