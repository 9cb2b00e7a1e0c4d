package main

import (
	"context"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// lock lets one run change the cluster or the cache at a time. The kernel releases it when the
// program ends, however it ends.
func lock(ctx context.Context, s *settings) (unlock func(), err error) {
	folder := filepath.Join(s.Cache, "cluster")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(filepath.Join(folder, "lock"), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for said := false; ; {
		err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return func() { file.Close() }, nil
		}
		if err != syscall.EWOULDBLOCK {
			file.Close()
			return nil, err
		}
		if !said {
			said = true
			say("another run of this program is at work; waiting for it to end")
		}
		select {
		case <-ctx.Done():
			file.Close()
			return nil, ctx.Err()
		case <-tick.C:
		}
	}
}
