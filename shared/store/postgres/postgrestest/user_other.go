//go:build !linux

package postgrestest

import "syscall"

func somebody() *syscall.SysProcAttr { return nil }

func own(string) error { return nil }
