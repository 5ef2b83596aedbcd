#!/bin/sh
# Run once by the image of PostgreSQL, when its volume is new: the owner of the tables, the role of the server, the database.
set -eu
psql --set ON_ERROR_STOP=1 --set owner="$AIS_OWNER_PASSWORD" --set product="$AIS_PASSWORD" --dbname postgres <<'SQL'
CREATE ROLE ais_owner LOGIN PASSWORD :'owner';
CREATE ROLE ais LOGIN PASSWORD :'product';
CREATE DATABASE ais OWNER ais_owner;
SQL
