INSERT INTO customers(customerCode, customerName) VALUES
  ('ACM', 'Acme Bottling'), ('NOR', 'Nordic Pumps'), ('SUN', 'Sunrise Foods');
INSERT INTO components(sku, description, category, vendor, price, volt, amps) VALUES
  ('PLC-1200', 'Compact controller, 14 inputs', 'Controllers', 'Siemens', 412.50, 24, 1.5),
  ('VFD-075', 'Frequency drive, 0.75 kW', 'Drives', 'Danfoss', 289.00, 400, 2.2),
  ('RLY-24-OLD', 'Relay, discontinued', 'Relays', 'Finder', 6.10, 24, 0.1),
  ('ENC-600', 'Enclosure 600 x 400', 'Enclosures', 'Rittal', 178.40, NULL, NULL);
INSERT INTO quotes(quoteId, projectName, customer, salesRep) VALUES
  ('Q-1001', 'Filling line', 'ACM', 'anna'), ('Q-1002', 'Pump station', 'NOR', 'ben');
INSERT INTO operational_items(quoteId, sku, description, quantity, unitPrice, totalPrice) VALUES
  ('Q-1001', 'PLC-1200', 'Compact controller', 1, 412.50, 412.50),
  ('Q-1002', 'VFD-075', 'Frequency drive', 2, 289.00, 578.00);
