package gocql

// What gocql's own tests use to connect and to define tables, for a service that wants a password, TLS and LOCAL_QUORUM, and defines
// tables in its own time. The set-up puts it beside the tests of the module, where it takes the place of functions of these names.

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

const definitionMax = 30 * time.Second

func createCluster(opts ...func(*ClusterConfig)) *ClusterConfig {
	host, port, _ := strings.Cut(os.Getenv("KEYSPACES_ENDPOINT"), ":")
	cluster := NewCluster(host)
	cluster.Port, _ = strconv.Atoi(port)
	cluster.ProtoVersion = *flagProto
	cluster.Consistency = LocalQuorum
	cluster.Timeout = *flagTimeout
	cluster.Authenticator = PasswordAuthenticator{Username: os.Getenv("KEYSPACES_USER"), Password: os.Getenv("KEYSPACES_PASSWORD")}
	cluster.SslOpts = &SslOptions{CaPath: os.Getenv("KEYSPACES_CA_FILE"), EnableHostVerification: true}
	cluster.RetryPolicy = &SimpleRetryPolicy{NumRetries: *flagRetry}
	for _, opt := range opts {
		opt(cluster)
	}
	return cluster
}

func createKeyspace(tb testing.TB, cluster *ClusterConfig, keyspace string) {
	config := *cluster
	config.Keyspace = ""
	session, err := config.CreateSession()
	if err != nil {
		tb.Fatal(err)
	}
	defer session.Close()
	listed := func() (int, error) {
		rows, err := session.Query("SELECT keyspace_name FROM system_schema_mcs.keyspaces WHERE keyspace_name = ?", keyspace).Iter().SliceMap()
		return len(rows), err
	}
	for _, step := range []struct {
		statement string
		rows      int
	}{
		{"DROP KEYSPACE IF EXISTS " + keyspace, 0},
		{"CREATE KEYSPACE " + keyspace + " WITH replication = {'class': 'SingleRegionStrategy'}", 1},
	} {
		if err := session.Query(step.statement).Exec(); err != nil {
			tb.Fatal(err)
		}
		if err := await(step.statement, func() (bool, error) {
			rows, err := listed()
			return rows == step.rows, err
		}); err != nil {
			tb.Fatal(err)
		}
	}
}

// A definition, and the time until every table is as it was defined.
func createTable(session *Session, statement string) error {
	if err := session.Query(statement).RetryPolicy(&SimpleRetryPolicy{}).Exec(); err != nil {
		return err
	}
	return await(statement, func() (bool, error) {
		var status string
		iter := session.Query("SELECT status FROM system_schema_mcs.tables").Iter()
		for iter.Scan(&status) {
			if status != "ACTIVE" {
				return false, iter.Close()
			}
		}
		return true, iter.Close()
	})
}

func await(what string, done func() (bool, error)) error {
	for deadline := time.Now().Add(definitionMax); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if is, err := done(); is || err != nil {
			return err
		}
	}
	return fmt.Errorf("not done in time: %s", what)
}
