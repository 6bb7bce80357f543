/** The CQL examples of the developer guide, as they stand on its pages, in their order. */

/** What the guide says, or shows, becomes of it: taken, or refused with this code of the protocol and these words. */
export type GuideOutcome = "taken" | readonly [code: number, words: string];

export interface GuidePage {
  /** https://docs.aws.amazon.com/keyspaces/latest/devguide/PAGE.html */
  readonly page: string;
  /** What the page takes for given, in our words. */
  readonly given: readonly string[];
  readonly examples: readonly (string | readonly [statement: string, outcome: GuideOutcome])[];
}

const keyspace = (name: string): string =>
  `CREATE KEYSPACE ${name} WITH replication = {'class': 'SingleRegionStrategy'}`;
const properties = (...names: string[]): string =>
  `CUSTOM_PROPERTIES = {${names.map((name) => `'${name}': {'status': 'enabled'}`).join(", ")}}`;

const employees = [
  keyspace('"myGSGKeyspace"'),
  `CREATE TABLE "myGSGKeyspace".employees_tbl (id text, name text, region text, division text, project text, role text,
    pay_scale int, vacation_hrs float, manager_id text, PRIMARY KEY (id, division))`,
];

const myTable = [keyspace("mykeyspace"), "CREATE TABLE mykeyspace.mytable (pk int, ck int, PRIMARY KEY (pk, ck))"];

const provisioned = `CREATE TABLE mykeyspace.mytable (pk int PRIMARY KEY) WITH CUSTOM_PROPERTIES =
  {'capacity_mode': {'throughput_mode': 'PROVISIONED', 'read_capacity_units': 1, 'write_capacity_units': 1}}`;

const bookAwards = `CREATE TABLE catalog.book_awards (
   year int,
   award text,
   rank int,
   category text,
   book_title text,
   author text,
   publisher text,
   PRIMARY KEY ((year, award), category, rank)
   )`;

const messages = (options = ""): string =>
  `CREATE TABLE my_table (userid uuid, time timeuuid, subject text, body text, user inet, PRIMARY KEY (userid, time))${options}`;

const users = (columns = "", options = ""): string[] => [
  keyspace("my_keyspace"),
  "USE my_keyspace",
  `CREATE TABLE users (id int PRIMARY KEY, firstname text, lastname text${columns})${options}`,
];

/** Of a table in several Regions, as it is made and changed. */
export const replicaScaling = `WITH CUSTOM_PROPERTIES = {
    'capacity_mode': {
        'throughput_mode': 'PROVISIONED',
        'read_capacity_units': 5,
        'write_capacity_units': 5
    }
} AND AUTOSCALING_SETTINGS = {
    'provisioned_write_capacity_autoscaling_update': {
        'maximum_units': 10,
        'minimum_units': 5,
        'scaling_policy': {
            'target_tracking_scaling_policy_configuration': {
                'target_value': 50
            }
        }
    },
    'provisioned_read_capacity_autoscaling_update': {
        'maximum_units': 10,
        'minimum_units': 5,
        'scaling_policy': {
            'target_tracking_scaling_policy_configuration': {
                'target_value': 50,
                'scale_in_cooldown': 60,
                'scale_out_cooldown': 60
            }
        }
    },
    'replica_updates': {
        'us-east-1': {
            'provisioned_read_capacity_autoscaling_update': {
                'maximum_units': 20,
                'minimum_units': 5,
                'scaling_policy': {
                    'target_tracking_scaling_policy_configuration': {
                        'target_value': 70
                    }
                }
            }
        }
    }
};`;

export const guidePages: readonly GuidePage[] = [
  {
    page: "getting-started.keyspaces",
    given: [],
    examples: [
      "CREATE KEYSPACE catalog WITH REPLICATION = {'class': 'SingleRegionStrategy'};",
      "SELECT * from system_schema.keyspaces;",
    ],
  },
  {
    page: "getting-started.dml",
    given: [keyspace("catalog")],
    examples: [
      `${bookAwards};`,
      "SELECT keyspace_name, table_name, status FROM system_schema_mcs.tables WHERE keyspace_name = 'catalog' AND table_name = 'book_awards';",
      `INSERT INTO catalog.book_awards (award, year, category, rank, author, book_title, publisher)
VALUES ('Wolf', 2023, 'Fiction',3,'Shirley Rodriguez','Mountain', 'AnyPublisher') ;`,
      "SELECT * FROM catalog.book_awards;",
      "USE catalog ;",
      "SELECT * FROM book_awards ;",
      "DELETE book_title FROM catalog.book_awards WHERE year=2020 AND award='Richard Roe' AND category='Fiction' AND rank=1;",
      "DELETE FROM catalog.book_awards WHERE year=2020 AND award='Richard Roe' AND category='Fiction' AND rank=1;",
      "SELECT * FROM catalog.book_awards WHERE year=2020 AND award='Richard Roe' AND category='Fiction' AND rank=1;",
    ],
  },
  {
    page: "cql.ddl.keyspace",
    given: [],
    examples: [
      `CREATE KEYSPACE my_keyspace
    WITH REPLICATION = {'class': 'SingleRegionStrategy'} and TAGS ={'key1':'val1', 'key2':'val2'} ;
`,
      "ALTER KEYSPACE my_keyspace ADD TAGS {'key1':'val1', 'key2':'val2'};\n",
      `ALTER KEYSPACE my_keyspace
WITH REPLICATION = {
    'class': 'NetworkTopologyStrategy',
    'us-east-1': '3',
    'us-west-2': '3',
    'us-west-1': '3'
} AND CLIENT_SIDE_TIMESTAMPS = {'status': 'ENABLED'};`,
      "USE my_keyspace;",
      "DROP KEYSPACE my_keyspace;",
      `CREATE KEYSPACE my_keyspace
    WITH REPLICATION = {'class':'NetworkTopologyStrategy', 'us-east-1':'3', 'ap-southeast-1':'3','eu-west-1':'3'};`,
    ],
  },
  {
    page: "Tagging.Operations",
    given: myTable,
    examples: [
      "ALTER KEYSPACE mykeyspace ADD TAGS {'key1':'val1', 'key2':'val2'};",
      "SELECT * FROM system_schema_mcs.tags WHERE keyspace_name = 'mykeyspace' AND resource_type = 'keyspace';",
      "ALTER KEYSPACE mykeyspace DROP TAGS {'key1':'val1', 'key2':'val2'};",
      "ALTER TABLE mykeyspace.mytable ADD TAGS {'key1':'val1', 'key2':'val2'};",
      "SELECT * FROM system_schema_mcs.tags WHERE keyspace_name = 'mykeyspace' AND resource_name = 'mytable';",
      "ALTER TABLE mykeyspace.mytable DROP TAGS {'key1':'val1', 'key2':'val2'};",
      "SELECT tags FROM system_schema_mcs.tags WHERE resource_id = 'arn:aws:cassandra:us-east-1:111122223333:/keyspace/my_keyspace/table/my_table/stream/2025-05-06T17:17:39.800';",
    ],
  },
  {
    page: "cql.ddl.table",
    given: [keyspace("my_keyspace"), keyspace("mykeyspace")],
    examples: [
      // An account of 13 digits, and a key of one character too few.
      [
        `CREATE TABLE IF NOT EXISTS my_keyspace.my_table (
                                            id text,
                                            name text,
                                            region text,
                                            division text,
                                            project text,
                                            role text,
                                            pay_scale int,
                                            vacation_hrs float,
                                            manager_id text,
                                            PRIMARY KEY (id,division))
                                            WITH CUSTOM_PROPERTIES={
                                                'capacity_mode':{
                                                        'throughput_mode': 'PROVISIONED', 'read_capacity_units': 10, 'write_capacity_units': 20
                                                    },
                                                'point_in_time_recovery':{'status': 'enabled'},
                                                'encryption_specification':{
                                                        'encryption_type': 'CUSTOMER_MANAGED_KMS_KEY', 
                                                        'kms_key_identifier':'arn:aws:kms:eu-west-1:5555555555555:key/11111111-1111-111-1111-111111111111'
                                                    }
                                            }
                                            AND CLUSTERING ORDER BY (division ASC) 
                                            AND TAGS={'key1':'val1', 'key2':'val2'}
                                            AND default_time_to_live = 3024000;`,
        [0x2200, "KL-KEY"],
      ],
      `CREATE TABLE my_keyspace.my_table (
                                            id int,
                                            name text,
                                            region text,
                                            division text,
                                            project text STATIC,
                                            PRIMARY KEY (id,division));`,
      'CREATE TYPE my_keyspace."udt""N@ME" (my_field int);',
      "DROP TABLE my_keyspace.my_table;",
      ['CREATE TABLE my_keyspace.my_table (my_col1 int pri key, my_col2 "udt""N@ME");', [0x2000, "pri"]],
      'CREATE TABLE my_keyspace.my_table (my_col1 int primary key, my_col2 "udt""N@ME");',
      "CREATE TABLE mykeyspace.mytable (k int PRIMARY KEY)",
      "ALTER TABLE mykeyspace.mytable ADD (ID int);",
      "USE mykeyspace",
      "CREATE TABLE my_table (k int PRIMARY KEY)",
      "ALTER TABLE my_Table ADD(col_frozen_list FROZEN<LIST<FROZEN<SET<TEXT>>>>, col_map MAP<INT, FROZEN<SET<INT>>>);",
      ["ALTER TABLE my_keyspace.my_table ADD (my_column, my_udt;);", [0x2000, ""]],
      "ALTER TABLE mykeyspace.mytable WITH CUSTOM_PROPERTIES={'capacity_mode':{'throughput_mode': 'PROVISIONED', 'read_capacity_units': 10, 'write_capacity_units': 20}};",
      "ALTER TABLE mykeyspace.mytable WITH CUSTOM_PROPERTIES={'point_in_time_recovery': {'status': 'enabled'}};",
      "ALTER TABLE my_table WITH default_time_to_live = 2592000;",
      "ALTER TABLE mytable WITH CUSTOM_PROPERTIES={'ttl':{'status': 'enabled'}};",
      [
        `RESTORE TABLE mykeyspace.mytable_restored from table mykeyspace.my_table 
WITH restore_timestamp = '2020-06-30T04:05:00+0000'
AND custom_properties = {'point_in_time_recovery':{'status':'disabled'}, 'capacity_mode':{'throughput_mode': 'PROVISIONED', 'read_capacity_units': 10, 'write_capacity_units': 20}}
AND TAGS={'key1':'val1', 'key2':'val2'};`,
        [0x2200, "KL-RESTORE"],
      ],
    ],
  },
  {
    page: "cql.ddl.type",
    given: [keyspace("my_keyspace"), "USE my_keyspace"],
    examples: [
      `CREATE TYPE my_keyspace.phone (
    country_code int,
    number text
);`,
      `CREATE TYPE my_keyspace.user (
    first_name text,
    last_name text,
    phones FROZEN<phone>
);`,
      "CREATE TYPE MY_UDT (a int)",
      'CREATE TYPE "MY_UDT" (a int)',
      'CREATE TYPE "nested""""""quotes" (a int)',
      "CREATE TYPE udt_name (a int)",
      "DROP TYPE udt_name;",
      `SELECT type_name
FROM system_schema_mcs.types
WHERE keyspace_name = 'my_keyspace';`,
      `SELECT
    keyspace_name,
    type_name,
    field_names,
    field_types,
    max_nesting_depth,
    last_modified_timestamp,
    status,
    direct_referring_tables,
    direct_parent_types
FROM system_schema_mcs.types
WHERE keyspace_name = 'my_keyspace' AND type_name = 'my_udt';`,
    ],
  },
  {
    page: "cql.dml.select",
    given: [
      ...employees,
      keyspace("my_keyspace"),
      "USE my_keyspace",
      `CREATE TABLE my_table (id int PRIMARY KEY, my_column text) WITH ${properties("client_side_timestamps")}`,
    ],
    examples: [
      'SELECT name, id, manager_id FROM "myGSGKeyspace".employees_tbl ;',
      'SELECT JSON name, id, manager_id FROM "myGSGKeyspace".employees_tbl ;',
      `SELECT name, id, division, manager_id FROM "myGSGKeyspace".employees_tbl WHERE id = '012-34-5678' ORDER BY division;`,
      "SELECT TOKEN(id) from my_table;",
      "SELECT TOKEN(id) from my_table WHERE TOKEN(id) > 100 and TOKEN(id) < 10000;",
      "SELECT TTL(my_column) from my_table;",
      "SELECT WRITETIME(my_column) from my_table;",
    ],
  },
  {
    page: "in.select",
    given: [
      keyspace("my_keyspace"),
      `CREATE TABLE my_keyspace.customers (department_id int, sales_region_id int, sales_representative_id int, customer_name text,
        PRIMARY KEY (department_id, sales_region_id, sales_representative_id))`,
    ],
    examples: [
      "SELECT * FROM my_keyspace.customers;",
      "SELECT * FROM my_keyspace.customers WHERE department_id IN (0, 1) AND sales_region_id IN (0, 1);",
      "SELECT * FROM my_keyspace.customers WHERE department_id IN (0, 1, 2, 3) AND sales_region_id IN (0, 1, 2) AND sales_representative_id IN (0, 1);",
      "SELECT * FROM my_keyspace.customers WHERE department_id IN (3, 2, 1) ORDER BY sales_region_id DESC;",
    ],
  },
  {
    page: "cql.dml.insert",
    given: [...employees, keyspace("my_keyspace"), "USE my_keyspace", messages(` WITH ${properties("ttl")}`)],
    examples: [
      `INSERT INTO "myGSGKeyspace".employees_tbl (id, name, project, region, division, role, pay_scale, vacation_hrs, manager_id)
VALUES ('012-34-5678','Russ','NightFlight','US','Engineering','IC',3,12.5, '234-56-7890') ;`,
      `INSERT INTO my_table (userid, time, subject, body, user)
        VALUES (B79CB3BA-745E-5D9A-8903-4A02327A7E09, 96a29100-5e25-11ec-90d7-b5d91eceda0a, 'Message', 'Hello','205.212.123.123')
        USING TTL 259200;`,
      `INSERT INTO "myGSGKeyspace".employees_tbl JSON '{"id":"012-34-5678",
                                                 "name": "Russ",
                                                 "project": "NightFlight",
                                                 "region": "US",
                                                 "division": "Engineering",
                                                 "role": "IC",
                                                 "pay_scale": 3,
                                                 "vacation_hrs": 12.5,
                                                 "id": "234-56-7890"}';`,
    ],
  },
  {
    page: "cql.dml.update",
    given: [
      ...employees,
      keyspace("my_keyspace"),
      "USE my_keyspace",
      messages(` WITH ${properties("ttl")}`),
      "CREATE TABLE ActiveUsers (user uuid, action text, counter counter, PRIMARY KEY (user, action))",
    ],
    examples: [
      `UPDATE "myGSGKeyspace".employees_tbl SET pay_scale = 5 WHERE id = '567-89-0123' AND division = 'Marketing' ;`,
      // No UUID has a K in it.
      [
        "UPDATE ActiveUsers SET counter = counter + 1  WHERE user = A70FE1C0-5408-4AE3-BE34-8733E5K09F14 AND action = 'click';",
        [0x2000, ""],
      ],
      "UPDATE ActiveUsers SET counter = counter + 1  WHERE user = A70FE1C0-5408-4AE3-BE34-8733E5009F14 AND action = 'click';",
      // The VALUES of an INSERT, and a time in words.
      [
        `UPDATE my_table (userid, time, subject, body, user)
        VALUES (B79CB3BA-745E-5D9A-8903-4A02327A7E09, 96a29100-5e25-11ec-90d7-b5d91eceda0a, 'Message', 'Hello again','205.212.123.123')
        USING TIMESTAMP '2022-11-03 13:30:54+0400';`,
        [0x2200, ""],
      ],
      "UPDATE my_table USING TTL 86400 set subject = 'Updated Message' WHERE userid = B79CB3BA-745E-5D9A-8903-4A02327A7E09 and time = 96a29100-5e25-11ec-90d7-b5d91eceda0a;",
    ],
  },
  {
    page: "cql.dml.delete",
    given: employees,
    examples: [
      `DELETE manager_id FROM "myGSGKeyspace".employees_tbl WHERE id='789-01-2345' AND division='Executive' ;`,
    ],
  },
  {
    page: "batchStatements",
    given: users(),
    examples: [
      `BEGIN UNLOGGED BATCH
    INSERT INTO users (id, firstname, lastname) VALUES (1, 'John', 'Doe');
    INSERT INTO users (id, firstname, lastname) VALUES (2, 'Jane', 'Smith');
APPLY BATCH;`,
      `BEGIN BATCH
    INSERT INTO users (id, firstname, lastname) VALUES (1, 'John', 'Doe');
    INSERT INTO users (id, firstname, lastname) VALUES (2, 'Jane', 'Smith');
APPLY BATCH;`,
      `BEGIN BATCH
    INSERT INTO users (id, firstname, lastname) VALUES (1, 'John', 'Doe');
    UPDATE users SET firstname = 'Johnny' WHERE id = 2;
    DELETE FROM users WHERE id = 3;
APPLY BATCH;`,
      `BEGIN BATCH
    INSERT INTO users (id, firstname, lastname) VALUES (1, 'Jane', 'Doe') IF NOT EXISTS;
    INSERT INTO users (id, firstname, lastname) VALUES (2, 'John', 'Doe') IF NOT EXISTS;
APPLY BATCH;`,
      `BEGIN BATCH
    UPDATE users SET lastname = 'Stiles' WHERE id = 1 IF lastname = 'Doe';
    UPDATE users SET lastname = 'Stiles' WHERE id = 2 IF lastname = 'Doe';
APPLY BATCH;`,
      "CREATE TABLE user_emails (user_id int PRIMARY KEY, email text)",
      `BEGIN BATCH
    INSERT INTO users (id, firstname) VALUES (1, 'John');
    INSERT INTO user_emails (user_id, email) VALUES (1, 'john@example.com');
APPLY BATCH;`,
    ],
  },
  {
    page: "batchStatements",
    given: users("", ` WITH ${properties("client_side_timestamps", "ttl")}`),
    examples: [
      // A time of 1970, which the guide itself says is too long ago.
      [
        `BEGIN BATCH
    INSERT INTO users (id, firstname, lastname) VALUES (1, 'John', 'Stiles') USING TIMESTAMP 1669069624;
    INSERT INTO users (id, firstname, lastname) VALUES (2, 'Jane', 'Doe') USING TIMESTAMP 1669069624;
APPLY BATCH;`,
        [0x2200, "KL-TIMESTAMP-RANGE"],
      ],
      [
        `BEGIN BATCH
    UPDATE users USING TIMESTAMP 1669069624 SET firstname = 'Carlos' WHERE id = 1;
    UPDATE users USING TIMESTAMP 1669069624 SET firstname = 'Diego' WHERE id = 2;
APPLY BATCH;`,
        [0x2200, "KL-TIMESTAMP-RANGE"],
      ],
      `BEGIN BATCH
    INSERT INTO users (id, firstname, lastname) VALUES (1, 'John', 'Doe') USING TTL 3600;
    INSERT INTO users (id, firstname, lastname) VALUES (2, 'Jane', 'Smith') USING TTL 7200;
APPLY BATCH;`,
    ],
  },
  {
    page: "batchStatements",
    given: [
      keyspace("my_keyspace"),
      "USE my_keyspace",
      "CREATE TYPE address (street text, city text, zip text)",
      "CREATE TABLE users (id int PRIMARY KEY, firstname text, address address)",
    ],
    examples: [
      `BEGIN BATCH
    INSERT INTO users (id, firstname, address)
    VALUES (1, 'John', {street: '123 Main St', city: 'NYC', zip: '10001'});
    INSERT INTO users (id, firstname, address)
    VALUES (2, 'Jane', {street: '456 Oak Ave', city: 'LA', zip: '90210'});
APPLY BATCH;`,
      `BEGIN BATCH
    UPDATE users SET address.zip = '10002' WHERE id = 1;
    UPDATE users SET address.city = 'Boston' WHERE id = 2;
APPLY BATCH;`,
    ],
  },
  {
    page: "client-side-timestamps",
    given: [
      keyspace("my_keyspace"),
      "USE my_keyspace",
      keyspace("catalog"),
      `${bookAwards} WITH ${properties("client_side_timestamps")}`,
    ],
    examples: [
      `CREATE TABLE my_keyspace.my_table (
   userid uuid,
   time timeuuid,
   subject text,
   body text,
   user inet,
   PRIMARY KEY (userid, time)
) WITH CUSTOM_PROPERTIES = {'client_side_timestamps': {'status': 'enabled'}};`,
      "SELECT custom_properties from system_schema_mcs.tables where keyspace_name = 'my_keyspace' and table_name = 'my_table';",
      "DROP TABLE my_table",
      messages(),
      "ALTER TABLE my_table WITH custom_properties = {'client_side_timestamps': {'status': 'enabled'}};;",
      [
        `INSERT INTO catalog.book_awards (year, award, rank, category, book_title, author, publisher)
   VALUES (2022, 'Wolf', 4, 'Non-Fiction', 'Science Update', 'Ana Carolina Silva', 'SomePublisher')
   USING TIMESTAMP 1669069624;`,
        [0x2200, "KL-TIMESTAMP-RANGE"],
      ],
      // Keys have no time, neither in Cassandra nor where CQL is the same.
      [
        `SELECT year, award, rank, category, book_title, author, publisher, WRITETIME(year), WRITETIME(award), WRITETIME(rank),
  WRITETIME(category), WRITETIME(book_title), WRITETIME(author), WRITETIME(publisher) from catalog.book_awards;`,
        [0x2200, "PRIMARY KEY"],
      ],
    ],
  },
  {
    page: "TTL",
    given: [keyspace("my_keyspace"), "USE my_keyspace"],
    examples: [
      "CREATE TABLE my_keyspace.my_table (id int primary key) WITH CUSTOM_PROPERTIES={'ttl':{'status': 'enabled'}};",
      "DROP TABLE my_table",
      "CREATE TABLE my_table (k int PRIMARY KEY)",
      "ALTER TABLE my_table WITH CUSTOM_PROPERTIES={'ttl':{'status': 'enabled'}};",
    ],
  },
  {
    page: "warm-throughput",
    given: [keyspace("catalog"), bookAwards],
    examples: [
      `ALTER TABLE catalog.book_awards
WITH CUSTOM_PROPERTIES = {
    'warm_throughput': {
        'read_units_per_second': 60000,
        'write_units_per_second': 30000
    }
};`,
      `SELECT custom_properties
FROM system_schema_mcs.tables
WHERE keyspace_name='catalog' and table_name='book_awards';`,
    ],
  },
  {
    page: "autoscaling",
    given: [keyspace("mykeyspace")],
    examples: [
      `CREATE TABLE mykeyspace.mytable(pk int, ck int, PRIMARY KEY (pk, ck))
WITH CUSTOM_PROPERTIES = {  
    'capacity_mode': {  
        'throughput_mode': 'PROVISIONED',  
        'read_capacity_units': 1,  
        'write_capacity_units': 1  
    }
} AND AUTOSCALING_SETTINGS = {
    'provisioned_write_capacity_autoscaling_update': {
        'maximum_units': 10,  
        'minimum_units': 5,  
        'scaling_policy': {
            'target_tracking_scaling_policy_configuration': {
                'target_value': 50
            }  
        }  
    },  
    'provisioned_read_capacity_autoscaling_update': {  
        'maximum_units': 10,  
        'minimum_units': 5,  
        'scaling_policy': {  
            'target_tracking_scaling_policy_configuration': {  
                'target_value': 50,
                'scale_in_cooldown': 60,  
                'scale_out_cooldown': 60
            }  
        }  
    }
};`,
      "SELECT * FROM system_schema_mcs.autoscaling WHERE keyspace_name = 'mykeyspace' AND table_name = 'mytable';",
      `ALTER TABLE mykeyspace.mytable
WITH AUTOSCALING_SETTINGS = {
    'provisioned_read_capacity_autoscaling_update': {
        'autoscaling_disabled': true
    }
};`,
    ],
  },
  {
    page: "cdc",
    given: myTable,
    examples: [
      // The grammar of ALTER TABLE has one WITH.
      [
        `ALTER TABLE mykeyspace.mytable
WITH cdc = TRUE
WITH CUSTOM_PROPERTIES={'cdc_specification': {'view_type': 'KEYS_ONLY'}};`,
        [0x2000, "'WITH'"],
      ],
      "ALTER TABLE mykeyspace.mytable WITH cdc = TRUE AND CUSTOM_PROPERTIES={'cdc_specification': {'view_type': 'KEYS_ONLY'}};",
      "SELECT keyspace_name, table_name, cdc, custom_properties FROM system_schema_mcs.tables WHERE keyspace_name = 'mykeyspace' AND table_name = 'mytable';",
      "ALTER TABLE mykeyspace.mytable ADD TAGS_FOR_CDC {'key1':'val1', 'key2':'val2'};",
      "USE mykeyspace",
      "ALTER TABLE mytable DROP TAGS_FOR_CDC {'key3':'val3', 'key4':'val4'};",
      `ALTER TABLE mykeyspace.mytable
WITH cdc = FALSE;`,
    ],
  },
  {
    page: "multiRegion-replication",
    given: [],
    examples: [
      `CREATE KEYSPACE mykeyspace
WITH REPLICATION = {'class':'NetworkTopologyStrategy', 'us-east-1':'3', 'ap-southeast-1':'3','eu-west-1':'3' };`,
      `CREATE TABLE mykeyspace.mytable(pk int, ck int, PRIMARY KEY (pk, ck))
    WITH CUSTOM_PROPERTIES = {
	'capacity_mode':{
		'throughput_mode':'PAY_PER_REQUEST'
	},
	'point_in_time_recovery':{
		'status':'enabled'
	},
	'encryption_specification':{
		'encryption_type':'AWS_OWNED_KMS_KEY'
	},
	'client_side_timestamps':{
		'status':'enabled'
	}
};`,
      "SELECT * from system_multiregion_info.tables WHERE keyspace_name = 'mykeyspace' AND table_name = 'mytable';",
      "DROP TABLE mykeyspace.mytable",
      `CREATE TABLE mykeyspace.mytable(pk int, ck int, PRIMARY KEY (pk, ck))
${replicaScaling}`,
      "SELECT * FROM system_multiregion_info.autoscaling WHERE keyspace_name = 'mykeyspace' AND table_name = 'mytable';",
      `ALTER TABLE mykeyspace.mytable
${replicaScaling}`,
      "DROP TABLE mykeyspace.mytable",
      provisioned,
      [
        `ALTER TABLE mykeyspace.mytable
  WITH CUSTOM_PROPERTIES = {
      'capacity_mode': {
          'throughput_mode': 'PROVISIONED',
          'read_capacity_units': 1,
          'write_capacity_units': 1
      },
      'replica_updates': {
          'us-east-1': {
              'read_capacity_units': 2
           }
      }
  };`,
        [0x2200, "KL-PROPERTY"],
      ],
    ],
  },
  {
    page: "PointInTimeRecovery",
    given: [
      ...myTable,
      "ALTER TABLE mykeyspace.mytable WITH CUSTOM_PROPERTIES = {'point_in_time_recovery': {'status': 'enabled'}}",
    ],
    examples: [
      `SELECT custom_properties
FROM system_schema_mcs.tables
WHERE keyspace_name = 'mykeyspace' AND table_name = 'mytable';`,
      [
        `RESTORE TABLE mykeyspace.mytable_restored
   FROM TABLE mykeyspace.mytable;`,
        [0x2200, "KL-RESTORE"],
      ],
    ],
  },
];
