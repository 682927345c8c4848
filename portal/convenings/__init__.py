"""Convenings by teachers, for teachers: call, proposals, sessions, rooms and blocks, the agenda."""
