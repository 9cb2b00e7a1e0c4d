package process

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// Start runs a program in a session of its own, so that it outlives this one and no terminal signal
// reaches it, appends its output to the file log and records it under the name.
func (t Table) Start(name, log string, arguments, environment []string) error {
	if err := os.MkdirAll(filepath.Dir(log), 0o755); err != nil {
		return err
	}
	output, err := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer output.Close()
	command := exec.Command(arguments[0], arguments[1:]...)
	command.Env = environment
	command.Stdout, command.Stderr = output, output
	command.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := command.Start(); err != nil {
		return fmt.Errorf("starting %s: %w", name, err)
	}
	record, err := Identify(name, command.Process.Pid)
	if err == nil {
		err = t.put(record)
	}
	if err != nil {
		_ = command.Process.Kill()
		_ = command.Wait()
		return fmt.Errorf("recording %s: %w", name, err)
	}
	go func() { _ = command.Wait() }()
	return nil
}

// Stop ends the process of that name: politely, and after the grace by force. A record whose
// process is gone, or whose id now belongs to another process, is only forgotten.
func (t Table) Stop(ctx context.Context, name string, grace time.Duration) error {
	record, ok := t.Get(name)
	if !ok {
		return nil
	}
	if err := record.End(ctx, grace); err != nil {
		return err
	}
	return os.Remove(t.path(name))
}

// End ends the process of the record: politely, and after the grace by force.
func (r Record) End(ctx context.Context, grace time.Duration) error {
	for _, step := range []struct {
		signal syscall.Signal
		within time.Duration
	}{{syscall.SIGTERM, grace}, {syscall.SIGKILL, 10 * time.Second}} {
		if step.within == 0 {
			continue
		}
		if !r.Alive() {
			return nil
		}
		if err := syscall.Kill(r.PID, step.signal); err != nil && err != syscall.ESRCH {
			return fmt.Errorf("ending %s (process %d): %w", r.Name, r.PID, err)
		}
		if r.gone(ctx, step.within) {
			return nil
		}
	}
	return fmt.Errorf("%s (process %d) does not end", r.Name, r.PID)
}

func (r Record) gone(ctx context.Context, within time.Duration) bool {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for r.Alive() {
		select {
		case <-ctx.Done():
			return !r.Alive()
		case <-tick.C:
		}
	}
	return true
}
