"""What we write to nominators and nominees, one function a message."""
