// Package process starts long-running programs, remembers them by an identity that cannot be
// mistaken, and ends only those. A process id alone is not such an identity: the kernel gives it to
// another program after the first has ended.
package process

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
)

// Record identifies one process: no two processes of one boot share both id and start time.
type Record struct {
	Name string `json:"name"`
	PID  int    `json:"pid"`
	// StartTime is in clock ticks since the machine started, as the kernel reports it.
	StartTime uint64 `json:"startTime"`
	// Boot is the kernel's random id of this boot of the machine.
	Boot string `json:"boot"`
}

// Identify describes the process that has the id now.
func Identify(name string, pid int) (Record, error) {
	_, started, err := stat(pid)
	if err != nil {
		return Record{}, err
	}
	boot, err := BootID()
	if err != nil {
		return Record{}, err
	}
	return Record{Name: name, PID: pid, StartTime: started, Boot: boot}, nil
}

// Alive tells whether the very process of the record still runs. A process that ended but was not
// yet collected by its parent does not.
func (r Record) Alive() bool {
	boot, err := BootID()
	if err != nil || boot != r.Boot {
		return false
	}
	state, started, err := stat(r.PID)
	return err == nil && started == r.StartTime && state != 'Z' && state != 'X'
}

// BootID is the kernel's random id of this boot of the machine.
func BootID() (string, error) {
	content, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	return strings.TrimSpace(string(content)), err
}

// stat reads the state and the start time of a process. The program's name stands in parentheses
// and may itself hold spaces and parentheses, so fields are counted from the last one.
func stat(pid int) (state byte, started uint64, err error) {
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, 0, err
	}
	return parseStat(content)
}

func parseStat(content []byte) (state byte, started uint64, err error) {
	fields := bytes.Fields(content[bytes.LastIndexByte(content, ')')+1:])
	if len(fields) < 20 {
		return 0, 0, fmt.Errorf("unexpected process status %q", content)
	}
	started, err = strconv.ParseUint(string(fields[19]), 10, 64)
	return fields[0][0], started, err
}

// Table keeps records as files of one directory, so that a later run finds them.
type Table struct{ Directory string }

// Get gives the record of a name; ok is false when there is none.
func (t Table) Get(name string) (record Record, ok bool) {
	content, err := os.ReadFile(t.path(name))
	if err != nil || json.Unmarshal(content, &record) != nil {
		return Record{}, false
	}
	return record, true
}

// Alive tells whether the process of that name is recorded and runs.
func (t Table) Alive(name string) bool {
	record, ok := t.Get(name)
	return ok && record.Alive()
}

// All gives every record, by name.
func (t Table) All() []Record {
	files, _ := filepath.Glob(t.path("*"))
	sort.Strings(files)
	records := []Record{}
	for _, file := range files {
		if record, ok := t.Get(strings.TrimSuffix(filepath.Base(file), ".json")); ok {
			records = append(records, record)
		}
	}
	return records
}

func (t Table) put(record Record) error {
	content, err := json.Marshal(record)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(t.Directory, 0o755); err != nil {
		return err
	}
	partial := t.path(record.Name) + ".partial"
	if err := os.WriteFile(partial, content, 0o644); err != nil {
		return err
	}
	return os.Rename(partial, t.path(record.Name))
}

func (t Table) path(name string) string { return filepath.Join(t.Directory, name+".json") }
