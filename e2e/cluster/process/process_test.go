package process

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestStartedProcessIsFoundByALaterRunAndEnds(t *testing.T) {
	directory := t.TempDir()
	table := Table{Directory: directory}
	if err := table.Start("sleeper", filepath.Join(directory, "log"), []string{"sleep", "300"}, os.Environ()); err != nil {
		t.Fatal(err)
	}
	later := Table{Directory: directory}
	if !later.Alive("sleeper") {
		t.Fatal("the started process is not found alive")
	}
	record, _ := later.Get("sleeper")
	if err := later.Stop(context.Background(), "sleeper", 5*time.Second); err != nil {
		t.Fatal(err)
	}
	if record.Alive() {
		t.Error("still alive after it was stopped")
	}
	if _, ok := later.Get("sleeper"); ok {
		t.Error("the record was left behind")
	}
	if err := later.Stop(context.Background(), "sleeper", time.Second); err != nil {
		t.Errorf("stopping twice: %v", err)
	}
}

func TestProcessThatIgnoresThePoliteSignalIsEndedByForce(t *testing.T) {
	directory := t.TempDir()
	table := Table{Directory: directory}
	ready := filepath.Join(directory, "ready")
	script := "trap '' TERM; touch " + ready + "; while :; do sleep 300; done"
	if err := table.Start("stubborn", filepath.Join(directory, "log"), []string{"sh", "-c", script}, os.Environ()); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		if _, err := os.Stat(ready); err == nil {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the program did not start")
		}
	}
	if err := table.Stop(context.Background(), "stubborn", 50*time.Millisecond); err != nil {
		t.Fatal(err)
	}
	if table.Alive("stubborn") {
		t.Error("still alive")
	}
}

func TestAnotherProcessWithTheSameIdIsNeverEnded(t *testing.T) {
	self, err := Identify("self", os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	former := self
	former.StartTime--
	otherBoot := self
	otherBoot.Boot = "another"
	for _, record := range []Record{former, otherBoot} {
		if record.Alive() {
			t.Errorf("%+v counts as alive", record)
		}
		if err := record.End(context.Background(), time.Second); err != nil {
			t.Errorf("%+v: %v", record, err)
		}
	}
	if !self.Alive() {
		t.Error("the running process counts as dead")
	}
}

func TestProgramNameWithParenthesesDoesNotShiftTheFields(t *testing.T) {
	line := "42 (a) S (b) Z 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 777 20"
	state, started, err := parseStat([]byte(line))
	if err != nil || state != 'Z' || started != 777 {
		t.Errorf("state %c, start %d, error %v", state, started, err)
	}
}
